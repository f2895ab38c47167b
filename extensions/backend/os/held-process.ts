// Processes that are held by identity, so that a signal never reaches another process with the same pid.

import type { ProcessFact, ProcessTable } from './process-facts.ts'
import type { SignalReason } from './signals.ts'

/** `gone`: exited, defunct, or its pid is another process's now; `refused`: this process may not signal it. */
export type SignalOutcome = 'sent' | 'gone' | 'refused'
export type EndingSignal = 'SIGTERM' | 'SIGCONT' | 'SIGSTOP' | 'SIGKILL'

/** One process that was meant once, and stays that one. */
export interface HeldProcess {
  readonly fact: ProcessFact
  /** The kernel's letter now (`?` where the platform has none); null: it has exited or is defunct. */
  runState(): Promise<string | null>
  signal(signal: EndingSignal): Promise<SignalOutcome>
  release(): void
}

export interface ProcessEnder {
  list(): Promise<ProcessTable>
  /** `reason`: why it is signaled, for the log of signals. */
  hold(fact: ProcessFact, reason?: SignalReason): HeldProcess
}
