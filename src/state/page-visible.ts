// Whether anybody can see the page.
import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** True while the page is not hidden (another browser tab, minimised). */
export function createPageVisible(): Accessor<boolean> {
  const isVisible = (): boolean => document.visibilityState !== 'hidden'
  const [visible, setVisible] = createSignal(isVisible())
  const update = (): void => void setVisible(isVisible())
  document.addEventListener('visibilitychange', update)
  onCleanup(() => document.removeEventListener('visibilitychange', update))
  return visible
}
