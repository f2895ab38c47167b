// The time for ages such as "2 min ago". Updated rarely, because each update redraws every age on the page.
import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'

const TICK_MS = 10_000

/** Creates a signal with the time in epoch milliseconds, updated every 10 s while the page is visible. */
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
