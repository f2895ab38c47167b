// Ending processes, by platform. Whoever signals proves first, directly before, that the process is still the one that was meant.
import type { ProcessFact, ProcessTable } from '../facts.ts'
import { createLinuxEnder } from './linux/end-tree.ts'
import { loadKernel } from './linux/kernel.ts'
import { createPlainEnder } from './plain/end-tree.ts'
import type { SignalReason } from './signals.ts'

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
  /** `reason`: why it is signaled, for the log of signals. */
  hold(fact: ProcessFact, reason?: SignalReason): HeldProcess
}

/** The ender of this platform, with the kernel's own handles of processes where they can be had. */
export function createProcessEnder(platform: NodeJS.Platform = process.platform): ProcessEnder {
  return platform === 'linux'
    ? createLinuxEnder({ kernel: () => loadKernel().kernel })
    : createPlainEnder(platform)
}
