// The width of an element.
import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'

/** Creates a signal with the inner width in CSS pixels without the scrollbar; the width of the page until the element is mounted. */
export function createElementWidth(element: () => HTMLElement): Accessor<number> {
  const [widthPx, setWidthPx] = createSignal(document.documentElement.clientWidth)
  onMount(() => {
    const measure = (): void => {
      const { clientWidth } = element()
      // A hidden element has no width.
      if (clientWidth > 0) setWidthPx(clientWidth)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element())
    onCleanup(() => observer.disconnect())
  })
  return widthPx
}
