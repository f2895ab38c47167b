// Ending processes, by platform. Whoever signals proves first, directly before, that the process is still the one that was meant.
import type { ProcessFact, ProcessTable } from '../facts.ts'
import { createLinuxEnder } from './linux/end-tree.ts'
import { createPlainEnder } from './plain/end-tree.ts'

/** `gone`: ended, defunct, or its pid is another's now; `refused`: not ours to signal. */
export type SignalOutcome = 'sent' | 'gone' | 'refused'
export type EndingSignal = 'SIGTERM' | 'SIGCONT' | 'SIGSTOP' | 'SIGKILL'

/** One process that was meant once, and stays that one. */
export interface HeldProcess {
  readonly fact: ProcessFact
  /** The kernel's letter now (`?` where the platform has none); null: it is gone or defunct. */
  runState(): Promise<string | null>
  signal(signal: EndingSignal): Promise<SignalOutcome>
  release(): void
}

export interface ProcessEnder {
  list(): Promise<ProcessTable>
  hold(fact: ProcessFact): HeldProcess
}

/** The ender of this platform. */
export function createProcessEnder(platform: NodeJS.Platform = process.platform): ProcessEnder {
  return platform === 'linux' ? createLinuxEnder() : createPlainEnder(platform)
}
