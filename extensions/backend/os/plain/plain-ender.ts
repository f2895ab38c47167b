// Signals where no process can be held: its identity is read again directly before each one. Not tested on real machines.
import { execFile } from 'node:child_process'
import type { EndingSignal, HeldProcess, ProcessEnder, SignalOutcome } from '../held-process.ts'
import { createProcessSource } from '../platform-source.ts'
import type { ProcessFact, ProcessSource } from '../process-facts.ts'
import { logSignal, type SignalReason, signalPid } from '../signals.ts'

const TASKKILL_MS = 5_000

/** Creates the ender for macOS and Windows. Windows has no signals: it ends at once (`taskkill /F`), and cannot stop. */
export function createPlainEnder(
  platform: NodeJS.Platform,
  source: Pick<ProcessSource, 'list' | 'quickScan' | 'ownUid'> = createProcessSource(platform),
): ProcessEnder {
  async function readState({ pid, identity }: ProcessFact): Promise<string | null> {
    const seen = (await source.quickScan(new Set([pid]))).watched.get(pid)
    if (seen?.identity !== identity || seen.runState === 'Z') return null
    return seen.runState ?? '?'
  }

  async function send(
    fact: ProcessFact,
    signal: EndingSignal,
    reason: SignalReason | null,
  ): Promise<SignalOutcome> {
    const { pid, identity } = fact
    const outcome = await sendProven(fact, signal)
    logSignal({ pid, identity, signal, reason, outcome })
    return outcome
  }

  async function sendProven(fact: ProcessFact, signal: EndingSignal): Promise<SignalOutcome> {
    const { pid, uid } = fact
    if (pid <= 1 || pid === process.pid || pid === process.ppid) return 'refused'
    if (source.ownUid !== null && uid !== source.ownUid) return 'refused'
    if ((await readState(fact)) === null) return 'gone'
    if (platform === 'win32') return endOnWindows(pid, signal)
    return signalPid(pid, signal)
  }

  return {
    list: () => source.list(),
    hold: (fact, reason): HeldProcess => ({
      fact,
      runState: () => readState(fact),
      signal: (signal) => send(fact, signal, reason ?? null),
      release: () => undefined,
    }),
  }
}

/** Never `/T`: it walks parent ids that may be reused. The members come from our own list. */
function endOnWindows(pid: number, signal: EndingSignal): Promise<SignalOutcome> {
  // SIGTERM would be TerminateProcess: the gentle step does not exist there.
  if (signal !== 'SIGKILL') return Promise.resolve('sent')
  return new Promise((resolve) => {
    execFile('taskkill', ['/PID', String(pid), '/F'], { timeout: TASKKILL_MS, windowsHide: true }, (error) =>
      resolve(error ? 'refused' : 'sent'),
    )
  })
}
