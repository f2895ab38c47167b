// Signals on Linux. A process is held by its open stat file, which never comes to mean another one: after its end reads fail
// even while its pid is in use again. Where the kernel's calls can be made, the signal goes through a pidfd that was opened before the
// last check, so that it reaches that process or none; else check and signal lie microseconds apart.
import { closeSync, openSync, readSync } from 'node:fs'
import type { ProcessFact } from '../../facts.ts'
import type { EndingSignal, HeldProcess, ProcessEnder, SignalOutcome } from '../process-ender.ts'
import { logSignal, type SignalReason, signalPid } from '../signals.ts'
import type { Kernel } from './kernel.ts'
import { parseNumberLine, parseStat, type StatLine } from './parse-proc.ts'
import { readPidPlace } from './pid-namespace.ts'
import { createProcessList } from './process-list.ts'
import { readProcText } from './read-proc.ts'
import { runStateOf } from './threads.ts'

const buffer = Buffer.allocUnsafe(4096)

/** So many stat files are kept open; the others are opened at each look: a runaway tree may have more processes than we may have files. */
const MAX_OPEN = 32

/** How to let go on whom we stopped and have not killed yet: nobody stays so when we end in between, as at a second Ctrl+C. */
const stopped = new Set<() => unknown>()
process.once('exit', () => {
  for (const goOn of stopped) goOn()
})

/** The ender for Linux. `kernel`: the calls of the kernel, loaded with the first signal; null: signals go to the pid. */
export function createLinuxEnder({
  kernel = () => null,
}: {
  kernel?: () => Kernel | null
} = {}): ProcessEnder {
  const processes = createProcessList()
  const ownUid = process.getuid?.() ?? null
  let open = 0

  function hold(fact: ProcessFact, reason: SignalReason | null = null): HeldProcess {
    const { pid, identity } = fact
    let handle = open < MAX_OPEN ? openStat(pid) : null
    if (handle !== null) open++
    // Opened after it was listed: what we hold may be another one already.
    let isGone =
      processes.identityOf(pid) !== identity ||
      (handle !== null && livingState(pid, readStat(handle)) === null)

    function release(): void {
      if (handle === null) return
      closeSync(handle)
      handle = null
      open--
    }

    /** The letter of the very process that was meant; null: it is gone. */
    function present(): string | null {
      if (isGone) return null
      const stat = handle === null ? statOf(pid) : readStat(handle)
      const isSame = handle !== null || processes.identityOf(pid) === identity
      const state = livingState(pid, stat)
      isGone = !isSame || state === null
      return isGone ? null : state
    }

    function send(signal: EndingSignal): SignalOutcome {
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

    function sendProven(deliver: () => SignalOutcome): SignalOutcome {
      if (present() === null) return 'gone'
      if (isOffLimits(pid) || uidOf(pid) !== ownUid) return 'refused'
      if (readPidPlace(pid).isForeign !== false) return present() === null ? 'gone' : 'refused'
      // Nothing stands between this look and the signal.
      return present() === null ? 'gone' : deliver()
    }

    const goOn = (): SignalOutcome => send('SIGCONT')

    return {
      fact,
      runState: () => Promise.resolve(present()),
      signal(signal) {
        const outcome = send(signal)
        if (signal === 'SIGSTOP' && outcome === 'sent') stopped.add(goOn)
        else if (signal !== 'SIGTERM' && outcome !== 'refused') stopped.delete(goOn)
        return Promise.resolve(outcome)
      },
      release,
    }
  }

  return { list: processes.list, hold }
}

/** Null: it is gone, or we are out of descriptors; then each look opens it anew. */
function openStat(pid: number): number | null {
  try {
    return openSync(`/proc/${pid}/stat`, 'r')
  } catch {
    // Told apart by the next look.
    return null
  }
}

function readStat(handle: number): StatLine | null {
  try {
    return parseStat(buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, 0)))
  } catch {
    // ESRCH: it has ended.
    return null
  }
}

const statOf = (pid: number): StatLine | null => parseStat(readProcText(`/proc/${pid}/stat`) ?? '')

/** The letter of a living process, also of one whose first thread has exited while others run; null: it has ended. */
function livingState(pid: number, stat: StatLine | null): string | null {
  if (stat === null || stat.runState === 'X') return null
  const state = runStateOf(pid, stat)
  return state === 'Z' || state === 'X' ? null : state
}

const uidOf = (pid: number): number | null =>
  parseNumberLine(readProcText(`/proc/${pid}/status`) ?? '', 'Uid')

/** A last wall: init, ourselves and all above us, whatever a plan says. */
function isOffLimits(pid: number): boolean {
  if (pid <= 1) return true
  for (let at = process.pid, steps = 0; at > 1 && steps < 1000; at = statOf(at)?.ppid ?? 0, steps++)
    if (at === pid) return true
  return false
}
