// Signals where no process can be held: its identity is read again directly before each one. Not tested on real machines.
import { execFile } from 'node:child_process'
import type { EndingSignal, HeldProcess, ProcessEnder, SignalOutcome } from '../held-process.ts'
import { createProcessSource } from '../platform-source.ts'
import type { ProcessFact, ProcessSource } from '../process-facts.ts'
import { logSignal, type SignalReason, signalPid } from '../signals.ts'
import { systemProgram } from '../windows/system-program.ts'

const TASKKILL_MS = 5_000

/** Creates the ender for macOS and Windows. Windows has no signals: it ends at once (`taskkill /F`), and cannot stop. */
export function createPlainEnder(
  platform: NodeJS.Platform,
  source: Pick<ProcessSource, 'list' | 'quickScan' | 'ownUid'> = createProcessSource(platform),
): ProcessEnder {
  /** Null: it has exited. `unread`: that cannot be said, so it is neither reported as exited nor signaled. */
  async function readState({ pid, identity }: ProcessFact): Promise<{ runState: string } | 'unread' | null> {
    const { pids, watched } = await source.quickScan(new Set([pid]))
    const seen = watched.get(pid)
    if (!seen) return pids === null || pids.has(pid) ? 'unread' : null
    if (seen.identity !== identity || seen.runState === 'Z') return null
    return { runState: seen.runState ?? '?' }
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
    const state = await readState(fact)
    if (state === null) return 'gone'
    if (state === 'unread') return 'refused'
    if (platform === 'win32') return endOnWindows(pid, signal)
    return signalPid(pid, signal)
  }

  return {
    list: () => source.list(),
    hold: (fact, reason): HeldProcess => ({
      fact,
      async runState() {
        const state = await readState(fact)
        return state === 'unread' ? '?' : (state?.runState ?? null)
      },
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
    const taskkill = systemProgram(process.env, 'System32', 'taskkill.exe')
    execFile(taskkill, ['/PID', String(pid), '/F'], { timeout: TASKKILL_MS, windowsHide: true }, (error) =>
      resolve(error ? 'refused' : 'sent'),
    )
  })
}
