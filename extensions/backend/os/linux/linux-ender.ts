// Signals on Linux. Where the kernel's calls are available, a signal goes through a pidfd that was opened before the last check, so
// that it reaches that process or none; else check and signal are microseconds apart.
import { closeSync } from 'node:fs'
import type { EndingSignal, HeldProcess, ProcessEnder, SignalOutcome } from '../held-process.ts'
import type { ProcessFact } from '../process-facts.ts'
import { logSignal, type SignalReason, signalPid } from '../signals.ts'
import type { Kernel } from './kernel.ts'
import { parseNumberLine, parseStat } from './parse-proc.ts'
import { readPidPlace } from './pid-namespace.ts'
import { createPresence, type Presence, type StatFiles } from './presence.ts'
import { createProcessList } from './process-list.ts'
import { readProcText } from './read-proc.ts'

/**
 * Continues the processes that were stopped and not killed yet, so that none stays stopped when this process exits in between, as at
 * a second Ctrl+C.
 */
const stopped = new Set<() => unknown>()
process.once('exit', () => {
  for (const resume of stopped) resume()
})

interface SenderDeps {
  kernel: () => Kernel | null
  ownUid: number | null
}

/** Creates the ender for Linux. `kernel`: the calls of the kernel, loaded with the first signal; null: signals go to the pid. */
export function createLinuxEnder({
  kernel = () => null,
}: {
  kernel?: () => Kernel | null
} = {}): ProcessEnder {
  const { list, identityOf } = createProcessList()
  const ownUid = process.getuid?.() ?? null
  const files: StatFiles = { open: 0 }
  return {
    list,
    hold(fact, reason) {
      const presence = createPresence(fact, identityOf, files)
      return heldProcess(presence, fact, createSender(fact, reason ?? null, presence, { kernel, ownUid }))
    },
  }
}

type Send = (signal: EndingSignal) => SignalOutcome

function heldProcess(presence: Presence, fact: ProcessFact, send: Send): HeldProcess {
  const resume = (): SignalOutcome => send('SIGCONT')
  return {
    fact,
    runState: () => Promise.resolve(presence.runState()),
    signal(signal) {
      const outcome = send(signal)
      if (signal === 'SIGSTOP' && outcome === 'sent') stopped.add(resume)
      else if (signal !== 'SIGTERM' && outcome !== 'refused') stopped.delete(resume)
      return Promise.resolve(outcome)
    },
    release: presence.release,
  }
}

function createSender(
  { pid, identity }: ProcessFact,
  reason: SignalReason | null,
  { runState }: Presence,
  { kernel, ownUid }: SenderDeps,
): Send {
  const sendProven = (deliver: () => SignalOutcome): SignalOutcome => {
    if (runState() === null) return 'gone'
    // A process that exits in between has no owner and no namespace any more.
    if (isOffLimits(pid) || uidOf(pid) !== ownUid || readPidPlace(pid).isForeign !== false)
      return runState() === null ? 'gone' : 'refused'
    // Nothing is done between this check and the signal.
    return runState() === null ? 'gone' : deliver()
  }
  return (signal) => {
    const calls = kernel()
    const pidfd = calls?.openProcess(pid) ?? null
    try {
      const outcome = sendProven(() =>
        calls !== null && pidfd !== null ? calls.signalProcess(pidfd, signal) : signalPid(pid, signal),
      )
      logSignal({ pid, identity, signal, reason, outcome })
      return outcome
    } finally {
      if (pidfd !== null) closeSync(pidfd)
    }
  }
}

const uidOf = (pid: number): number | null =>
  parseNumberLine(readProcText(`/proc/${pid}/status`) ?? '', 'Uid')

const parentOf = (pid: number): number => parseStat(readProcText(`/proc/${pid}/stat`) ?? '')?.ppid ?? 0

/** The last check, independent of the plan: init, this process and all its ancestors are never signaled. */
function isOffLimits(pid: number): boolean {
  if (pid <= 1) return true
  for (let at = process.pid, steps = 0; at > 1 && steps < 1000; at = parentOf(at), steps++)
    if (at === pid) return true
  return false
}
