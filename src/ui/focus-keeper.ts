// Preserves the keyboard focus: when the focused element is removed, the nearest neighbor is focused; when a dialog closes, the
// element that opened it is focused.

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])'

/** Returns true for a tab, which opens when it is focused. */
const isTab = (element: Element): boolean => element.getAttribute('role') === 'tab'

/** Returns the element and its ancestors, innermost first. */
function pathOf(element: Element): Element[] {
  const path: Element[] = []
  for (let at: Element | null = element; at !== null; at = at.parentElement) path.push(at)
  return path
}

/** Returns the element; for a menu item, which disappears with its menu, the button of the menu. */
function persistentOf(element: Element): Element {
  const trigger = element.closest('[role=menu]')?.getAttribute('aria-labelledby')
  return (trigger ? document.getElementById(trigger) : null) ?? element
}

function focusFirst(path: readonly Element[]): void {
  for (const place of path) {
    if (!place.isConnected || place === document.body) continue
    const [self] = path
    const candidates = place === self ? [place] : [...place.querySelectorAll(FOCUSABLE)]
    for (const candidate of candidates) {
      if (!(candidate instanceof HTMLElement) || (candidate !== self && isTab(candidate))) continue
      candidate.focus()
      if (document.activeElement === candidate) return
    }
  }
}

export interface FocusKeeper {
  /** Remembers the focused element. */
  remember(): void
  /** Restores the focus to it, or to its nearest remaining neighbor. */
  restore(): void
  stop(): void
}

/** Creates a keeper of the focus in `root`. */
export function createFocusKeeper(root: HTMLElement): FocusKeeper {
  let focused: Element[] = []
  let opener: Element[] = []
  const onFocusIn = (event: FocusEvent): void => {
    focused = event.target instanceof Element ? pathOf(event.target) : []
  }
  const observer = new MutationObserver(() => {
    // A click on the background also moves the focus to the body, but the element is still connected then.
    if (document.activeElement !== document.body || focused[0]?.isConnected !== false) return
    focusFirst(focused)
  })
  root.addEventListener('focusin', onFocusIn)
  observer.observe(root, { childList: true, subtree: true })
  return {
    remember() {
      const active = document.activeElement
      opener = active === null || active === document.body ? [] : pathOf(persistentOf(active))
    },
    restore() {
      focusFirst(opener)
      opener = []
    },
    stop() {
      root.removeEventListener('focusin', onFocusIn)
      observer.disconnect()
    },
  }
}
