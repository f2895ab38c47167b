// When a dashboard is probed again: rarely while its instance is idle, early after activity. Pure.

/** While idle: 1/30 of the requests of Serena's own page. */
export const REST_MS = 10_000
/** After a miss, so that three probes span ten seconds. */
export const AFTER_MISS_MS = 4_500
/** After its log or its CPU time changed. */
export const MOVED_MS = 1_800
/** After activity the overview is read again, at most at this interval; after a change of the project at once. */
export const OVERVIEW_MS = 30_000

export interface ProbeNeed {
  /** Monotonic; null: never probed. */
  lastProbeAtMs: number | null
  misses: number
  hasMoved: boolean
}

/** Returns true if a probe is due. */
export function isProbeDue({ lastProbeAtMs, misses, hasMoved }: ProbeNeed, nowMs: number): boolean {
  if (lastProbeAtMs === null) return true
  const sinceMs = nowMs - lastProbeAtMs
  if (misses > 0) return sinceMs >= AFTER_MISS_MS
  return sinceMs >= (hasMoved ? MOVED_MS : REST_MS)
}
