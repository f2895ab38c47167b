// Moving a tab with the pointer: a line shows the place, releasing the button moves it there.
import { onCleanup, onMount } from 'solid-js'

/** A shorter movement is a click. */
const LEAST_PX = 6
/** Near the ends of the list, dragging scrolls it. */
const EDGE_PX = 32
const SCROLL_PX = 12

interface TabDragInput {
  list: () => HTMLElement
  isVertical: () => boolean
  /** `before`: the id of the next tab; null: the end. */
  onMove: (id: string, before: string | null) => void
}

interface Drag {
  id: string
  startPx: number
  pointerId: number
  isMoving: boolean
  before: string | null
}

const idOf = (element: Element | null | undefined): string | null =>
  element?.closest<HTMLElement>('[role=tab][data-instance]')?.dataset['instance'] ?? null

/** Listens on the list while the component is mounted. */
export function createTabDrag({ list, isVertical, onMove }: TabDragInput): void {
  let drag: Drag | null = null
  const tabs = (): HTMLElement[] => [...list().querySelectorAll<HTMLElement>('[role=tab][data-instance]')]
  const showPlace = (): void => markPlace(tabs(), drag)
  const onPointerDown = (event: PointerEvent): void => {
    const id = event.target instanceof Element ? idOf(event.target) : null
    // A finger scrolls the list.
    if (id === null || event.button !== 0 || event.pointerType === 'touch') return
    drag = {
      id,
      startPx: along(event, isVertical()),
      pointerId: event.pointerId,
      isMoving: false,
      before: id,
    }
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (drag === null || event.pointerId !== drag.pointerId) return
    const px = along(event, isVertical())
    if (!drag.isMoving && Math.abs(px - drag.startPx) < LEAST_PX) return
    if (!drag.isMoving) list().setPointerCapture(drag.pointerId)
    drag.isMoving = true
    drag.before = nextAt(tabs(), px, isVertical())
    scrollNear(list(), px, isVertical())
    showPlace()
  }
  const onPointerUp = (): void => {
    const ended = drag
    drag = null
    showPlace()
    if (ended?.isMoving !== true) return
    // The click that follows would select the tab.
    list().addEventListener('click', stop, { capture: true, once: true })
    setTimeout(() => list().removeEventListener('click', stop, { capture: true }))
    if (ended.before !== ended.id) onMove(ended.id, ended.before)
  }
  const cancel = (): void => {
    drag = null
    showPlace()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && drag !== null) cancel()
  }
  onMount(() => {
    const element = list()
    element.addEventListener('pointerdown', onPointerDown)
    element.addEventListener('pointermove', onPointerMove)
    element.addEventListener('pointerup', onPointerUp)
    element.addEventListener('pointercancel', cancel)
    document.addEventListener('keydown', onKeyDown)
    onCleanup(() => document.removeEventListener('keydown', onKeyDown))
  })
}

/** Marks the dragged tab and the place where it would go. */
function markPlace(tabs: readonly HTMLElement[], drag: Drag | null): void {
  const isMoving = drag?.isMoving === true
  for (const tab of tabs) {
    tab.classList.toggle('tab--drop-before', isMoving && drag.before === idOf(tab))
    tab.classList.toggle('tab--dragged', isMoving && drag.id === idOf(tab))
  }
  tabs.at(-1)?.classList.toggle('tab--drop-after', isMoving && drag.before === null)
}

const stop = (event: Event): void => {
  event.stopPropagation()
  event.preventDefault()
}

const along = (event: PointerEvent, isVertical: boolean): number =>
  isVertical ? event.clientY : event.clientX

/** Returns the id of the first tab whose middle is after the pointer; null: the pointer is after all of them. */
function nextAt(tabs: readonly HTMLElement[], px: number, isVertical: boolean): string | null {
  const next = tabs.find((tab) => {
    const box = tab.getBoundingClientRect()
    return px < (isVertical ? box.top + box.height / 2 : box.left + box.width / 2)
  })
  return idOf(next)
}

function scrollNear(list: HTMLElement, px: number, isVertical: boolean): void {
  const box = list.getBoundingClientRect()
  const [start, end] = isVertical ? [box.top, box.bottom] : [box.left, box.right]
  const step = px < start + EDGE_PX ? -SCROLL_PX : px > end - EDGE_PX ? SCROLL_PX : 0
  list.scrollBy(isVertical ? { top: step } : { left: step })
}
