// Whether a tick came late: the machine slept, or our own loop was blocked. Answers missed in that time prove nothing.

const LATE_MS = 5_000

export interface Lateness {
  /** True when this tick is late; `nextMs`: when the next one is due. */
  take(nextMs: number): boolean
}

/** Creates the meter of late rounds. Both clocks count: while the machine sleeps, possibly only the wall clock advances. */
export function createLateness(clock: { wall: () => number; monotonic: () => number }): Lateness {
  let expected: { wallMs: number; monotonicMs: number } | null = null
  return {
    take(nextMs) {
      const wallMs = clock.wall()
      const monotonicMs = clock.monotonic()
      const isLate =
        expected !== null &&
        (wallMs - expected.wallMs > LATE_MS || monotonicMs - expected.monotonicMs > LATE_MS)
      expected = { wallMs: wallMs + nextMs, monotonicMs: monotonicMs + nextMs }
      return isLate
    },
  }
}
