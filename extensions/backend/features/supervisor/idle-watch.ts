// When nobody has called a tool for so long. One timer that looks when the time would be up, and else waits for what is left.
import type { ToolCalls } from './tool-calls.ts'

/** The longest that a timer of Node can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Calls `onIdle` once, as soon as no call has run for `limitMs`; keeps nobody alive. A call that runs is waited for. */
export function watchIdle(
  calls: Pick<ToolCalls, 'idleSinceMs'>,
  limitMs: number,
  now: () => number,
  onIdle: () => void,
): void {
  function look(): void {
    const sinceMs = calls.idleSinceMs()
    const leftMs = sinceMs === null ? limitMs : sinceMs + limitMs - now()
    if (leftMs <= 0) return onIdle()
    setTimeout(look, Math.min(Math.ceil(leftMs), MAX_TIMER_MS)).unref()
  }
  look()
}
