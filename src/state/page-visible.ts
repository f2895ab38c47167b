// The visibility of the page as a signal.
import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Creates a signal that is false while the page is hidden (another browser tab is open, or the window is minimized). */
export function createPageVisible(): Accessor<boolean> {
  const isVisible = (): boolean => document.visibilityState !== 'hidden'
  const [visible, setVisible] = createSignal(isVisible())
  const update = (): void => void setVisible(isVisible())
  document.addEventListener('visibilitychange', update)
  onCleanup(() => document.removeEventListener('visibilitychange', update))
  return visible
}
