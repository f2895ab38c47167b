// The time that ages and "2 min ago" are counted from. Slow on purpose: nothing on the page moves unless the world moved.
import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'

const TICK_MS = 10_000

/** Epoch milliseconds, every 10 s while the page can be seen. */
export function createClock(isVisible: Accessor<boolean>): Accessor<number> {
  const [now, setNow] = createSignal(Date.now())
  createEffect(() => {
    if (!isVisible()) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    onCleanup(() => clearInterval(timer))
  })
  return now
}
