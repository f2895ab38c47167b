// Scrolling of the tabs: whether they overflow, and keeping the selected tab in view.
import { type Accessor, createEffect, createSignal, on, onCleanup, onMount } from 'solid-js'

interface TabScrollInput {
  list: () => HTMLElement
  isBar: Accessor<boolean>
  selected: Accessor<string>
  /** Number of tabs. */
  count: Accessor<number>
}

export interface TabScroll {
  isOverflowing: Accessor<boolean>
  /** To be called when tabs were added or removed next to the selected tab, which moves it. */
  onMoved(): void
}

export function createTabScroll({ list, isBar, selected, count }: TabScrollInput): TabScroll {
  const [isOverflowing, setIsOverflowing] = createSignal(false)
  const measure = (): void => void setIsOverflowing(list().scrollWidth > list().clientWidth + 1)
  /** False after the user has scrolled elsewhere. */
  let isFollowing = true
  const stopFollowing = (): void => {
    isFollowing = false
  }
  /** A vertical wheel also scrolls a horizontal bar. */
  const onWheel = (event: WheelEvent): void => {
    stopFollowing()
    if (!isBar() || !isOverflowing() || event.deltaX !== 0 || event.ctrlKey) return
    event.preventDefault()
    list().scrollLeft += event.deltaY
  }
  const reveal = (): void =>
    queueMicrotask(() =>
      list()
        .querySelector('[role=tab][aria-selected=true]')
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    )
  onMount(() => {
    const observer = new ResizeObserver(measure)
    observer.observe(list())
    onCleanup(() => observer.disconnect())
    list().addEventListener('wheel', onWheel, { passive: false })
    list().addEventListener('pointerdown', stopFollowing)
  })
  createEffect(on([count, isBar], () => queueMicrotask(measure)))
  // A tab selected elsewhere (table, menu, shortcut) is scrolled into view.
  createEffect(
    on([selected, isBar], () => {
      isFollowing = true
      reveal()
    }),
  )
  return {
    isOverflowing,
    onMoved() {
      if (isFollowing && list().contains(document.activeElement)) reveal()
    },
  }
}
