// The keys of the page, and what they do. The sheet of shortcuts shows them.
import type { PreferenceStore } from '../../state/preferences.ts'

const SMALLEST_ZOOM = 50
const LARGEST_ZOOM = 200
const ZOOM_STEP = 10

export interface PageKeys {
  /** Opens the tab at that place, 1 is All; false: there is none. */
  openNumbered: (number: number) => boolean
  killAll: () => void
  search: () => void
  help: () => void
  /** What keeps the pin and the zoom of the native window; null: a browser has its own. */
  window: PreferenceStore | null
}

/** A listener for `keydown` on the document; what means nothing here is left to the browser. */
export function makePageKeys(page: PageKeys): (event: KeyboardEvent) => void {
  return (event) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select')
    const isMeant =
      event.ctrlKey || event.metaKey
        ? withControl(page, event)
        : !isTyping && !event.altKey && plain(page, event)
    if (isMeant) event.preventDefault()
  }
}

function plain({ search, help }: PageKeys, { key }: KeyboardEvent): boolean {
  if (key === '/') search()
  else if (key === '?') help()
  else return false
  return true
}

function withControl({ openNumbered, killAll, window }: PageKeys, { key, shiftKey }: KeyboardEvent): boolean {
  const pressed = key.toLowerCase()
  if (/^[1-9]$/.test(pressed)) return openNumbered(Number(pressed))
  if (shiftKey && pressed === 'k') {
    killAll()
    return true
  }
  if (!window) return false
  const { isPinned, zoomPercent } = window.current()
  if (shiftKey && pressed === 'p') window.change({ isPinned: !isPinned })
  else if (pressed === '+' || pressed === '=')
    window.change({ zoomPercent: Math.min(LARGEST_ZOOM, zoomPercent + ZOOM_STEP) })
  else if (pressed === '-') window.change({ zoomPercent: Math.max(SMALLEST_ZOOM, zoomPercent - ZOOM_STEP) })
  else if (pressed === '0') window.change({ zoomPercent: 100 })
  else return false
  return true
}
