// The newest probes of one dashboard.
import type { ProbeOutcome } from './dashboard-facts.ts'

const KEPT_PROBES = 12

export interface ProbeLog {
  /** Oldest first, bounded. */
  all(): readonly ProbeOutcome[]
  /** How many probes since the last answer had none. */
  misses(): number
  /** Returns true for an answer. */
  add(outcome: ProbeOutcome): boolean
  forgetMisses(): void
}

export function createProbeLog(): ProbeLog {
  let probes: readonly ProbeOutcome[] = []
  const misses = (): number => probes.length - 1 - probes.findLastIndex(({ result }) => result === 'answered')
  return {
    all: () => probes,
    misses,
    add(outcome) {
      // A request that failed on this side says nothing about the dashboard.
      if (outcome.result === 'unasked') return false
      probes = [...probes, outcome].slice(-KEPT_PROBES)
      return outcome.result === 'answered'
    },
    forgetMisses() {
      probes = probes.slice(0, probes.length - misses())
    },
  }
}
