// What one row of the verdict table finds: how certain the state is, and the sentences that say why.
import type { Certainty, State } from '#contract/instance'
import type { InstanceFacts } from './instance-facts.ts'

export interface Finding {
  certainty: Certainty
  /** The deciding sentence first. */
  evidence: string[]
}

export interface Rule {
  state: State
  /** Null: the state does not apply. */
  match: (facts: InstanceFacts) => Finding | null
}

/** Returns a finding that follows from facts that were read. */
export const certain = (...evidence: string[]): Finding => ({ certainty: 'certain', evidence })
/** Returns a finding for which this version of Serena lacks a fact that would distinguish its state from another one. */
export const probable = (...evidence: string[]): Finding => ({ certainty: 'probable', evidence })
/** Returns a finding for facts that cannot be read or are not available yet. */
export const unknown = (...evidence: string[]): Finding => ({ certainty: 'unknown', evidence })
