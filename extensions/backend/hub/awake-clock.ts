// Time in which this process was running: a suspended machine or a stopped hub must not count as time in which a Serena was silent.

/** Much longer than the time between two ticks of a busy hub. */
const MOST_MS = 2_000

export interface AwakeClock {
  /** Milliseconds, as of the last tick. */
  now(): number
  /** Call it about twice a second. */
  tick(): void
}

/** Creates a clock at 0. `now`: monotonic milliseconds. */
export function createAwakeClock(now: () => number): AwakeClock {
  let tickedAtMs = now()
  let awakeMs = 0
  return {
    now: () => awakeMs,
    tick() {
      const nowMs = now()
      awakeMs += Math.min(Math.max(nowMs - tickedAtMs, 0), MOST_MS)
      tickedAtMs = nowMs
    },
  }
}
