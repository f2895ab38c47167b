// Limits how often a failing program is started again: a pause after a failure, a long pause after three within a minute.

const FAILURE_WINDOW_MS = 60_000
const MAX_FAILURES = 3

export interface StartLimit {
  note(error: Error): void
  /** The last failure, while no start is tried; null: a start may be tried after `delayMs`. */
  refusal(): Error | null
  /** Milliseconds to wait before the next start; 0: none. */
  delayMs(): number
}

/** Creates the limit. `backoffMs`: the pause after the first failure, doubled after the second. `restMs`: the rest after the third. */
export function createStartLimit(backoffMs: number, restMs: number): StartLimit {
  let failures: { atMs: number; error: Error }[] = []
  let restsUntilMs = Number.NEGATIVE_INFINITY
  let notBeforeMs = Number.NEGATIVE_INFINITY
  return {
    note(error) {
      const nowMs = performance.now()
      failures = [...failures.filter(({ atMs }) => nowMs - atMs < FAILURE_WINDOW_MS), { atMs: nowMs, error }]
      if (failures.length >= MAX_FAILURES) restsUntilMs = nowMs + restMs
      else notBeforeMs = nowMs + backoffMs * 2 ** (failures.length - 1)
    },
    refusal: () => (performance.now() < restsUntilMs ? (failures.at(-1)?.error ?? null) : null),
    delayMs: () => Math.max(0, notBeforeMs - performance.now()),
  }
}
