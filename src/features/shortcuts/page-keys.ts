// The keyboard shortcuts of the page. The shortcuts dialog lists them.
import type { PreferenceStore } from '../../state/preferences.ts'

const MIN_ZOOM = 50
const MAX_ZOOM = 200
const ZOOM_STEP = 10

export interface PageKeys {
  /** Opens the tab with that number, 1 is All; false: there is none. */
  openNumbered: (number: number) => boolean
  killAll: () => void
  search: () => void
  help: () => void
  /** Undoes the change that the shown message is about; false: there is none. */
  undo: () => boolean
  /** Opens the command palette. */
  palette: () => void
  /** The preferences with pin and zoom of the native window; null in a browser. */
  window: PreferenceStore | null
}

/** Creates a `keydown` listener for the document. It does not handle other keys. */
export function makePageKeys(page: PageKeys): (event: KeyboardEvent) => void {
  return (event) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select')
    const isHandled =
      event.ctrlKey || event.metaKey
        ? handleControlKey(page, event, isTyping !== false && isTyping !== null)
        : !isTyping && !event.altKey && handlePlainKey(page, event)
    if (isHandled) event.preventDefault()
  }
}

function handlePlainKey({ search, help }: PageKeys, { key }: KeyboardEvent): boolean {
  if (key === '/') search()
  else if (key === '?') help()
  else return false
  return true
}

function handleControlKey(
  { openNumbered, killAll, palette, undo, window }: PageKeys,
  { key, shiftKey }: KeyboardEvent,
  isTyping: boolean,
): boolean {
  const pressed = key.toLowerCase()
  if (/^[1-9]$/.test(pressed)) return openNumbered(Number(pressed))
  if (pressed === 'k') {
    if (shiftKey) killAll()
    else palette()
    return true
  }
  if (pressed === 'z' && !shiftKey && !isTyping) return undo()
  if (!window) return false
  const { isPinned, zoomPercent } = window.current()
  if (shiftKey && pressed === 'p') window.change({ isPinned: !isPinned })
  else if (pressed === '+' || pressed === '=')
    window.change({ zoomPercent: Math.min(MAX_ZOOM, zoomPercent + ZOOM_STEP) })
  else if (pressed === '-') window.change({ zoomPercent: Math.max(MIN_ZOOM, zoomPercent - ZOOM_STEP) })
  else if (pressed === '0') window.change({ zoomPercent: 100 })
  else return false
  return true
}
