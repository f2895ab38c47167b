// The list of keyboard shortcuts.
import { For, type JSX } from 'solid-js'
import { usePage } from '../../state/page-context.ts'
import { Dialog } from '../../ui/dialog.tsx'
import './shortcuts.css'

interface Shortcut {
  keys: readonly string[]
  action: string
  /** Available in the native window only. */
  isNative?: boolean
}

const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['Ctrl+1', '…', 'Ctrl+9'], action: 'Open All or one of the first eight instances' },
  { keys: ['↑', '↓', '←', '→'], action: 'Select the next or previous tab' },
  { keys: ['Ctrl+Shift+←', 'Ctrl+Shift+→'], action: 'Move the selected tab' },
  { keys: ['/'], action: 'Filter instances: words, state:red, client:claude, >500mb' },
  { keys: ['Esc'], action: 'Clear the search or close the dialog' },
  { keys: ['Ctrl+K'], action: 'Open the command palette' },
  { keys: ['Ctrl+Z'], action: 'Undo the change in the current message' },
  { keys: ['Ctrl+Shift+K'], action: 'Kill all zombies …' },
  { keys: ['Ctrl+Shift+P'], action: 'Keep above other windows (on or off)', isNative: true },
  { keys: ['Ctrl++', 'Ctrl+-', 'Ctrl+0'], action: 'Zoom in, zoom out, reset zoom', isNative: true },
  { keys: ['?'], action: 'Show keyboard shortcuts' },
]

export function ShortcutsDialog(props: { onClose: () => void }): JSX.Element {
  const page = usePage()
  const available = (): readonly Shortcut[] =>
    SHORTCUTS.filter(({ isNative }) => isNative !== true || page.hasNativeWindow)
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => props.onClose()}>
      <dl class="shortcuts">
        <For each={available()}>
          {({ keys, action }) => (
            <div class="shortcuts__row">
              <dt>
                <For each={keys}>
                  {(key) => (key === '…' ? '…' : <kbd class="shortcuts__key">{key}</kbd>)}
                </For>
              </dt>
              <dd>{action}</dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  )
}
