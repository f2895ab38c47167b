// The open dialog, its lazily loaded component, and the keyboard focus before and after it.
import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'
import { createLazyPart } from '../state/lazy-part.ts'
import type { PageDialog } from '../state/page-dialog.ts'
import { createFocusKeeper, type FocusKeeper } from '../ui/focus-keeper.ts'

/** Preloads the dialogs after the first tabs are rendered, so that they can be opened after the backend has exited. */
const PRELOAD_MS = 1_000

const loadDialogs = () => import('./page-dialogs.tsx')

export interface DialogHost {
  dialog: Accessor<PageDialog | null>
  /** The module of the dialogs; null: not loaded yet. */
  part: Accessor<Awaited<ReturnType<typeof loadDialogs>> | null>
  open(dialog: PageDialog): void
  close(): void
  /** Preserves the focus in this element, which is below the dialogs. */
  keepFocus(element: HTMLElement): void
}

export function createDialogHost(input: {
  /** True: no dialog can be opened. */
  isLocked: Accessor<boolean>
  announce: (sentence: string) => void
}): DialogHost {
  const [dialog, setDialog] = createSignal<PageDialog | null>(null)
  const dialogs = createLazyPart(loadDialogs)
  let focus: FocusKeeper | undefined
  onMount(() => setTimeout(() => dialogs.load().catch(() => undefined), PRELOAD_MS))
  return {
    dialog,
    part: dialogs.part,
    open(next) {
      if (input.isLocked()) return
      if (dialog() === null) focus?.remember()
      // The module is usually loaded: then the dialog opens synchronously.
      if (dialogs.part()) setDialog(next)
      else
        dialogs.load().then(
          () => setDialog(next),
          () => input.announce('Cannot load this part of the page. Check that Serena Deck is running.'),
        )
    },
    close() {
      setDialog(null)
      // Deferred until the library has released the focus.
      setTimeout(() => focus?.restore())
    },
    keepFocus(element) {
      const keeper = createFocusKeeper(element)
      focus = keeper
      onCleanup(() => keeper.stop())
    },
  }
}
