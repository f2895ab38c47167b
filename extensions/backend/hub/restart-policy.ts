// When a Serena that crashed or failed is started again. Pure.

const WINDOW_MS = 60_000
/** With the next crash within a minute it counts as failed. */
const MOST_CRASHES = 3
const DELAYS_MS = [0, 250, 1_000]
/** After a failure a call may try again. */
const RETRY_AFTER_MS = 10_000

export interface RestartPolicy {
  /** Records a crash; returns the delay before the next start, null: it has crashed too often. */
  crashed(nowMs: number): number | null
  /** Records that it has failed. */
  failed(nowMs: number): void
  /** Whether the last failure is long enough ago for the next try. */
  mayTryAgain(nowMs: number): boolean
  /** All crashes so far. */
  count(): number
}

/** Creates a policy; `nowMs` is monotonic. */
export function createRestartPolicy(): RestartPolicy {
  let recent: number[] = []
  let count = 0
  let failedAtMs = Number.NEGATIVE_INFINITY
  return {
    crashed(nowMs) {
      count++
      recent = [...recent.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs]
      return recent.length > MOST_CRASHES ? null : (DELAYS_MS[recent.length - 1] ?? 0)
    },
    failed(nowMs) {
      failedAtMs = nowMs
    },
    mayTryAgain: (nowMs) => nowMs - failedAtMs >= RETRY_AFTER_MS,
    count: () => count,
  }
}
