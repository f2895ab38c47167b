// The times at which an axis has a label. Pure.

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Distances that are easy to read. */
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7].map((days) => days * DAY_MS),
]

export interface TimeTicks {
  stepMs: number
  /** Epoch milliseconds. */
  atMs: readonly number[]
}

/** Returns at most `count` times at full hours, half hours and so on of the zone that is `offsetMs` ahead of UTC. */
export function timeTicks(fromMs: number, toMs: number, count: number, offsetMs: number): TimeTicks {
  const stepMs = STEPS_MS.find((one) => (toMs - fromMs) / one <= count) ?? 7 * DAY_MS
  const first = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs
  const atMs: number[] = []
  for (let at = first; at <= toMs; at += stepMs) atMs.push(at)
  return { stepMs, atMs }
}

/** Returns how far the local time was ahead of UTC at that time. */
export const zoneOffsetMs = (atMs: number): number => -new Date(atMs).getTimezoneOffset() * MINUTE_MS
