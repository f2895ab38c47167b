// When a dashboard is asked again. Pure: an instance at rest is left in peace, a moved one is looked at early.

/** At rest. A stock page asks 3 times a second; this is 1/30 of that. */
export const REST_MS = 10_000
/** After a miss, so that three looks span ten seconds. */
export const AFTER_MISS_MS = 4_500
/** When its log or its CPU time moved. */
export const MOVED_MS = 1_800
/** The overview is fetched again after activity, at most so often; a change of the project fetches it at once. */
export const OVERVIEW_MS = 30_000

export interface ProbeNeed {
  /** Monotonic; null: never asked. */
  lastProbeAtMs: number | null
  misses: number
  hasMoved: boolean
}

/** True when a probe is due now. */
export function isProbeDue({ lastProbeAtMs, misses, hasMoved }: ProbeNeed, nowMs: number): boolean {
  if (lastProbeAtMs === null) return true
  const sinceMs = nowMs - lastProbeAtMs
  if (misses > 0) return sinceMs >= AFTER_MISS_MS
  return sinceMs >= (hasMoved ? MOVED_MS : REST_MS)
}
