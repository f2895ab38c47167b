// Detects that no tool was called for some time. One timer fires when the time may be over, and otherwise waits for the rest.
import type { ToolCalls } from './tool-calls.ts'

/** Maximum delay of a timer in Node. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Calls `onIdle` once when no tool call has run for `limitMs`; a running call delays it. Does not keep the process running. */
export function watchIdle(
  calls: Pick<ToolCalls, 'idleSinceMs'>,
  limitMs: number,
  now: () => number,
  onIdle: () => void,
): void {
  function check(): void {
    const sinceMs = calls.idleSinceMs()
    const leftMs = sinceMs === null ? limitMs : sinceMs + limitMs - now()
    if (leftMs <= 0) return onIdle()
    setTimeout(check, Math.min(Math.ceil(leftMs), MAX_TIMER_MS)).unref()
  }
  check()
}
