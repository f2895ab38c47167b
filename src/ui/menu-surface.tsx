// An open menu of the ARIA Authoring Practices (https://www.w3.org/WAI/ARIA/apg/patterns/menubar/): arrow keys, Home, End and the first
// letters move the focus, Escape closes. Not the headless library's: it took a fifth of the JavaScript of the first load.
import { createContext, createSignal, type JSX, onCleanup, onMount, useContext } from 'solid-js'
import { Portal } from 'solid-js/web'
import './menu.css'

/** Distance to the place and to the edges of the window. */
const GAP_PX = 4
/** A pause that ends the typed word. */
const TYPING_MS = 600

export interface MenuPlace {
  /** Edges of the button; a point for a context menu. */
  left: number
  right: number
  top: number
  bottom: number
}

interface MenuContext {
  /** Closes the menu and then runs the action: the action finds the focus where it was before. */
  select: (action: () => void) => void
}

const context = createContext<MenuContext>({ select: (action) => action() })
export const useMenu = (): MenuContext => useContext(context)

interface SurfaceProps {
  /** The id of the button; absent: `label`. */
  labelledBy?: string
  label?: string
  place: () => MenuPlace
  /** The item with the focus at first; null: the menu itself, after a click. */
  first: 'first' | 'last' | null
  /** A press on it does not close the menu. */
  trigger?: () => HTMLElement
  /** Called to close; `hasFocus`: the focus was in the menu. */
  onClose: (hasFocus: boolean) => void
  children: JSX.Element
}

export function MenuSurface(props: SurfaceProps): JSX.Element {
  let menu!: HTMLDivElement
  const [style, setStyle] = createSignal<JSX.CSSProperties>({ opacity: 0 })
  const close = (): void => props.onClose(menu.contains(document.activeElement))
  // Transparent until it is placed: a hidden element cannot get the focus.
  const place = (): void => void setStyle(styleAt(props.place(), menu))
  const move = createMenuFocus(() => menu)
  const onPointerDown = (event: PointerEvent): void => {
    const target = event.target as Node
    if (!menu.contains(target) && props.trigger?.().contains(target) !== true) props.onClose(false)
  }
  onMount(() => {
    place()
    if (props.first === null) menu.focus({ preventScroll: true })
    else move.to(props.first)
    document.addEventListener('pointerdown', onPointerDown, true)
    addEventListener('resize', place)
    addEventListener('blur', close)
    onCleanup(() => {
      document.removeEventListener('pointerdown', onPointerDown, true)
      removeEventListener('resize', place)
      removeEventListener('blur', close)
    })
  })
  return (
    <Portal>
      <context.Provider
        value={{
          select(action) {
            close()
            action()
          },
        }}
      >
        <div
          ref={menu}
          role="menu"
          class="menu"
          style={style()}
          tabIndex={-1}
          aria-label={props.label}
          aria-labelledby={props.labelledBy}
          onKeyDown={(event) => {
            if (event.key === 'Escape' || event.key === 'Tab') {
              event.preventDefault()
              event.stopPropagation()
              close()
            } else move.onKeyDown(event)
          }}
          onContextMenu={(event) => event.preventDefault()}
        >
          {props.children}
        </div>
      </context.Provider>
    </Portal>
  )
}

/** Returns the position of the menu: below its place, above it if there is more space, inside of the window. */
function styleAt(place: MenuPlace, { offsetWidth, offsetHeight }: HTMLElement): JSX.CSSProperties {
  const { innerWidth, innerHeight } = window
  const below = innerHeight - place.bottom - 2 * GAP_PX
  const above = place.top - 2 * GAP_PX
  const isAbove = below < offsetHeight && above > below
  const start = (place.left + place.right) / 2 > innerWidth / 2 ? place.right - offsetWidth : place.left
  const left = Math.max(GAP_PX, Math.min(start, innerWidth - offsetWidth - GAP_PX))
  return {
    left: `${left}px`,
    'max-height': `${Math.max(isAbove ? above : below, 80)}px`,
    ...(isAbove
      ? { bottom: `${innerHeight - place.top + GAP_PX}px` }
      : { top: `${place.bottom + GAP_PX}px` }),
  }
}

interface MenuFocus {
  to(end: 'first' | 'last'): void
  onKeyDown(event: KeyboardEvent): void
}

function createMenuFocus(menu: () => HTMLElement): MenuFocus {
  let typed = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const items = (): HTMLElement[] => [...menu().querySelectorAll<HTMLElement>('[role^=menuitem]')]
  const focusAt = (at: number): void => {
    const all = items()
    all[(at + all.length) % all.length]?.focus()
  }
  const current = (): number => items().findIndex((item) => item === document.activeElement)
  const type = (letter: string): void => {
    typed += letter.toLowerCase()
    clearTimeout(timer)
    timer = setTimeout(() => (typed = ''), TYPING_MS)
    items()
      .find((item) => item.textContent?.trim().toLowerCase().startsWith(typed))
      ?.focus()
  }
  onCleanup(() => clearTimeout(timer))
  return {
    to: (end) => focusAt(end === 'first' ? 0 : -1),
    onKeyDown(event) {
      const { key } = event
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (key === 'ArrowDown') focusAt(current() + 1)
      else if (key === 'ArrowUp') focusAt(current() === -1 ? -1 : current() - 1)
      else if (key === 'Home') focusAt(0)
      else if (key === 'End') focusAt(-1)
      else if (key.length === 1 && key !== ' ') type(key)
      else return
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
