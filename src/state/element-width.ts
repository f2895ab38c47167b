// How wide an element is.
import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'

/** Inner width of the element in CSS pixels, without its scrollbar; that of the page until it stands there. */
export function createElementWidth(element: () => HTMLElement): Accessor<number> {
  const [widthPx, setWidthPx] = createSignal(document.documentElement.clientWidth)
  onMount(() => {
    const measure = (): void => {
      const { clientWidth } = element()
      // While it is not shown it has none.
      if (clientWidth > 0) setWidthPx(clientWidth)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element())
    onCleanup(() => observer.disconnect())
  })
  return widthPx
}
