// Every key the page knows, in one sheet.
import { For, type JSX } from 'solid-js'
import { Dialog } from '../../ui/dialog.tsx'
import { usePage } from '../page-context.ts'
import './shortcuts.css'

interface Shortcut {
  keys: readonly string[]
  does: string
  /** Only where the window is ours. */
  isOfWindow?: boolean
}

const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['Ctrl+1', '…', 'Ctrl+9'], does: 'All, and the first eight instances' },
  { keys: ['↑', '↓', '←', '→'], does: 'Next and previous tab' },
  { keys: ['/'], does: 'Search instances' },
  { keys: ['Esc'], does: 'Clear the search, close a dialog' },
  { keys: ['Ctrl+Shift+K'], does: 'Kill all zombies …' },
  { keys: ['Ctrl+Shift+P'], does: 'Keep above other windows, or not', isOfWindow: true },
  { keys: ['Ctrl++', 'Ctrl+-', 'Ctrl+0'], does: 'Larger, smaller, as it was', isOfWindow: true },
  { keys: ['?'], does: 'This sheet' },
]

export function ShortcutsDialog(props: { onClose: () => void }): JSX.Element {
  const page = usePage()
  const known = (): readonly Shortcut[] =>
    SHORTCUTS.filter(({ isOfWindow }) => isOfWindow !== true || page.platform.window !== undefined)
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => props.onClose()}>
      <dl class="shortcuts">
        <For each={known()}>
          {({ keys, does }) => (
            <>
              <dt>
                <For each={keys}>
                  {(key) => (key === '…' ? '…' : <kbd class="shortcuts__key">{key}</kbd>)}
                </For>
              </dt>
              <dd>{does}</dd>
            </>
          )}
        </For>
      </dl>
    </Dialog>
  )
}
