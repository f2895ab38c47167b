// Ending processes on Windows through handles. A handle that was opened and whose start was checked names that process and no other, and
// keeps its pid from being given out again: it is opened before the first check and closed with `release`.
import { ancestorsOf } from '../ancestors.ts'
import type { EndingSignal, HeldProcess, ProcessEnder, SignalOutcome } from '../held-process.ts'
import type { ProcessFact, ProcessSource, ProcessTable } from '../process-facts.ts'
import type { ProcessIdentity } from '../process-identity.ts'
import { logSignal, type SignalReason } from '../signals.ts'
import { type Handle, isOpened, type WindowsCalls, withHandle } from './native-calls.ts'
import { startInIdentity, startOf } from './native-process-reader.ts'

/** Access rights (winnt.h). */
const TERMINATE = 0x1
const SUSPEND_RESUME = 0x800
const QUERY_LIMITED_INFORMATION = 0x1000
const SYNCHRONIZE = 0x10_0000

const WAIT_OBJECT_0 = 0
/** As `process.kill` of Node. */
const EXIT_CODE = 1
/** The idle process and the kernel's. */
const LAST_SYSTEM_PID = 4

type EnderCalls = Pick<
  WindowsCalls,
  | 'OpenProcess'
  | 'GetProcessTimes'
  | 'CloseHandle'
  | 'WaitForSingleObject'
  | 'TerminateProcess'
  | 'NtSuspendProcess'
  | 'NtResumeProcess'
>

/** The processes that were suspended and neither ended nor resumed: this process resumes them when it exits in between. */
const suspended = new Set<() => unknown>()
process.once('exit', () => {
  for (const resume of suspended) resume()
})

export interface EnderDeps {
  calls: EnderCalls
  source: Pick<ProcessSource, 'list' | 'quickScan' | 'ownUid'>
  ownPid: number
}

/** Creates the ender. Windows has no signals: SIGTERM does nothing, SIGSTOP suspends, SIGCONT resumes, SIGKILL terminates. */
export function createNativeEnder({ calls, source, ownPid }: EnderDeps): ProcessEnder {
  let ancestors: Promise<ReadonlySet<ProcessIdentity>> | null = null
  /** This process and all above it, which do not change. */
  const isOffLimits = async ({ pid, identity }: ProcessFact): Promise<boolean> => {
    ancestors ??= source.list().then((table) => identitiesAbove(ownPid, table))
    return pid <= LAST_SYSTEM_PID || pid === ownPid || (await ancestors).has(identity)
  }
  const isListed = async ({ pid, identity }: ProcessFact): Promise<boolean> =>
    (await source.quickScan(new Set([pid]))).watched.get(pid)?.identity === identity

  return {
    list: () => source.list(),
    hold(fact, reason) {
      const handle = createHandle(fact, calls)
      async function runState(): Promise<string | null> {
        if (handle.isOpen()) return handle.hasExited() ? null : '?'
        return (await isListed(fact)) ? '?' : null
      }
      async function send(signal: EndingSignal): Promise<SignalOutcome> {
        if ((await runState()) === null) return 'gone'
        const isForeign = source.ownUid !== null && fact.uid !== source.ownUid
        if (isForeign || (await isOffLimits(fact))) return 'refused'
        return handle.act(signal)
      }
      return heldProcess(fact, { runState, send, release: handle.release }, reason ?? null)
    },
  }
}

const identitiesAbove = (pid: number, table: ProcessTable): ReadonlySet<ProcessIdentity> =>
  new Set(ancestorsOf(pid, table).map(({ identity }) => identity))

interface Held {
  runState(): Promise<string | null>
  send(signal: EndingSignal): Promise<SignalOutcome>
  release(): void
}

function heldProcess(
  fact: ProcessFact,
  { runState, send, release }: Held,
  reason: SignalReason | null,
): HeldProcess {
  const { pid, identity } = fact
  return {
    fact,
    runState,
    async signal(signal) {
      const outcome = await send(signal)
      logSignal({ pid, identity, signal, reason, outcome })
      return outcome
    },
    release,
  }
}

interface ProcessHandle {
  /** False: it has exited, or may not be opened. */
  isOpen(): boolean
  hasExited(): boolean
  act(signal: EndingSignal): SignalOutcome
  release(): void
}

/** Opens the process at once; its start is checked. */
function createHandle(fact: ProcessFact, calls: EnderCalls): ProcessHandle {
  let handle = openProven(fact, QUERY_LIMITED_INFORMATION | SYNCHRONIZE, calls)
  const hasExited = (): boolean => handle !== null && calls.WaitForSingleObject(handle, 0) === WAIT_OBJECT_0
  const withRight = (right: number, use: (opened: Handle) => boolean): boolean => {
    const opened = openProven(fact, right | QUERY_LIMITED_INFORMATION, calls)
    return opened !== null && (withHandle(calls, opened, use) ?? false)
  }
  const suspension = createSuspension(
    () => withRight(SUSPEND_RESUME, (opened) => calls.NtSuspendProcess(opened) >= 0),
    () => withRight(SUSPEND_RESUME, (opened) => calls.NtResumeProcess(opened) >= 0),
  )

  function terminate(): boolean {
    const isDone = withRight(TERMINATE, (opened) => calls.TerminateProcess(opened, EXIT_CODE) !== 0)
    if (isDone) suspension.forget()
    return isDone
  }
  const acts: Readonly<Record<EndingSignal, () => boolean>> = {
    SIGTERM: () => true,
    SIGSTOP: suspension.suspend,
    SIGCONT: suspension.resume,
    SIGKILL: terminate,
  }

  return {
    isOpen: () => handle !== null,
    hasExited,
    act(signal) {
      if (acts[signal]()) return 'sent'
      return hasExited() ? 'gone' : 'refused'
    },
    release() {
      if (handle !== null) calls.CloseHandle(handle)
      handle = null
    },
  }
}

interface Suspension {
  suspend(): boolean
  resume(): boolean
  forget(): void
}

/** Suspends at most once and resumes once: Windows counts. What this object did not suspend, an earlier copy of us may have. */
function createSuspension(suspendNow: () => boolean, resumeNow: () => boolean): Suspension {
  let state: 'untouched' | 'suspended' | 'finished' = 'untouched'
  const resume = (): boolean => {
    suspended.delete(resume)
    if (state === 'finished') return true
    state = 'finished'
    return resumeNow()
  }
  return {
    resume,
    suspend() {
      if (state === 'suspended') return true
      const isDone = suspendNow()
      state = isDone ? 'suspended' : 'finished'
      if (isDone) suspended.add(resume)
      return isDone
    },
    forget() {
      state = 'finished'
      suspended.delete(resume)
    },
  }
}

/** Returns a handle of the process with that start; null: it has exited, or may not be opened. */
export function openProven(
  { pid, identity }: Pick<ProcessFact, 'pid' | 'identity'>,
  access: number,
  calls: Pick<EnderCalls, 'OpenProcess' | 'GetProcessTimes' | 'CloseHandle'>,
): Handle | null {
  const created = startInIdentity({ identity })
  if (created === null) return null
  const handle = calls.OpenProcess(access, 0, pid)
  if (!isOpened(handle)) return null
  if (startOf(calls, handle) === created) return handle
  calls.CloseHandle(handle)
  return null
}
