// Counts the tool calls of one client: all, and those of the last five minutes; and when the last one was. Pure but for what it remembers.
import { RECENT_MS } from '#contract/hub'

const MINUTE_MS = 60_000
const MINUTES = RECENT_MS / MINUTE_MS

export interface CallCounter {
  /** `wallMs`: the same moment by the wall clock. */
  add(nowMs: number, wallMs: number): void
  all(): number
  /** By the wall clock; null: no tool was called. */
  lastAtMs(): number | null
  /** Returns the calls of the last five minutes, counted in whole minutes. */
  recent(nowMs: number): number
}

/** Creates a counter; times are monotonic milliseconds. */
export function createCallCounter(): CallCounter {
  const counts = new Uint32Array(MINUTES)
  let all = 0
  let lastAtMs: number | null = null
  let minute = Number.NEGATIVE_INFINITY

  function advance(nowMs: number): number {
    const now = Math.floor(nowMs / MINUTE_MS)
    for (let one = Math.max(minute + 1, now - MINUTES + 1); one <= now; one++) counts[one % MINUTES] = 0
    minute = Math.max(minute, now)
    return minute % MINUTES
  }

  return {
    add(nowMs, wallMs) {
      const at = advance(nowMs)
      all++
      lastAtMs = wallMs
      counts[at] = (counts[at] ?? 0) + 1
    },
    all: () => all,
    lastAtMs: () => lastAtMs,
    recent(nowMs) {
      advance(nowMs)
      return counts.reduce((sum, count) => sum + count, 0)
    },
  }
}
