// Keeps the keyboard's place: when what has the focus is taken away, the focus goes to its nearest neighbour, and when a
// dialog closes, back to what opened it.

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])'

/** To focus a tab opens it: that is for the person to do. */
const isTab = (element: Element): boolean => element.getAttribute('role') === 'tab'

/** The element and all it lies in, innermost first. */
function pathOf(element: Element): Element[] {
  const path: Element[] = []
  for (let at: Element | null = element; at !== null; at = at.parentElement) path.push(at)
  return path
}

/** The element itself; of an item of a menu, which goes with its menu, the button of the menu. */
function lastingOf(element: Element): Element {
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
  /** Remembers what has the focus now. */
  remember(): void
  /** Gives the focus back to it, or to its nearest neighbour that is left. */
  giveBack(): void
  stop(): void
}

/** Watches what lies in `root`. */
export function createFocusKeeper(root: HTMLElement): FocusKeeper {
  let focused: Element[] = []
  let opener: Element[] = []
  const onFocusIn = (event: FocusEvent): void => {
    focused = event.target instanceof Element ? pathOf(event.target) : []
  }
  const observer = new MutationObserver(() => {
    // A click beside everything leaves the element where it is: then nothing is to be done.
    if (document.activeElement !== document.body || focused[0]?.isConnected !== false) return
    focusFirst(focused)
  })
  root.addEventListener('focusin', onFocusIn)
  observer.observe(root, { childList: true, subtree: true })
  return {
    remember() {
      const active = document.activeElement
      opener = active === null || active === document.body ? [] : pathOf(lastingOf(active))
    },
    giveBack() {
      focusFirst(opener)
      opener = []
    },
    stop() {
      root.removeEventListener('focusin', onFocusIn)
      observer.disconnect()
    },
  }
}
