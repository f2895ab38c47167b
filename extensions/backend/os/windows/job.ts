// Job objects: a process in a job, and all that it starts, ends when the last handle of the job is closed, however the holder ends.
import type { ChildProcess } from 'node:child_process'
import { createDescendantJoiner, JOIN_RIGHTS } from './early-descendants.ts'
import type { Handle, WindowsCalls } from './native-calls.ts'
import { isOpened, loadWindowsCalls, withHandle } from './native-calls.ts'

/** JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows: its size, and `BasicLimitInformation.LimitFlags` (winnt.h). */
const EXTENDED_LIMITS = 9
const LIMITS_BYTES = 144
const LIMIT_FLAGS_AT = 16
const KILL_ON_JOB_CLOSE = 0x2000

/**
 * Runs `start` and puts its child into a job, so that it and what it starts end with this process, even if that is killed. Node cannot
 * start a process suspended: what the child has started before it is in the job is added afterwards, except below a program that has
 * exited by then. After the exit of the child the rest continues as long as this process does: ours is nested in the job that Node has
 * for its children, which ends with this process. Without native calls it only runs `start`.
 */
export function startInJob<Child extends ChildProcess>(start: () => Child): Child {
  const { calls } = loadWindowsCalls()
  const job = calls && createJob(calls)
  try {
    const child = start()
    // Not reaped yet: its pid is its own.
    if (job && child.pid !== undefined && job.add(child.pid)) child.once('exit', job.release)
    else job?.release()
    return child
  } catch (error) {
    job?.release()
    throw error
  }
}

interface Job {
  /** Adds the process with its descendants, while its pid is its own; returns false if Windows refuses. */
  add(pid: number): boolean
  /** Closes the job; what still runs in it continues. */
  release(): void
}

function createJob(calls: WindowsCalls): Job | null {
  const job = calls.CreateJobObjectW(null, null)
  if (!isOpened(job)) return null
  let isOpen = true
  const release = (): void => {
    if (!isOpen) return
    isOpen = false
    setLimits(calls, job, 0)
    calls.CloseHandle(job)
  }
  if (!setLimits(calls, job, KILL_ON_JOB_CLOSE)) {
    release()
    return null
  }
  const joinDescendants = attempt(() => createDescendantJoiner(calls, job))
  return {
    release,
    add: (pid) =>
      withHandle(calls, calls.OpenProcess(JOIN_RIGHTS, 0, pid), (child) => {
        if (calls.AssignProcessToJobObject(job, child) === 0) return false
        attempt(() => joinDescendants?.({ pid, process: child }))
        return true
      }) ?? false,
  }
}

/** A start never fails because the job is not complete; null: it failed. */
function attempt<Value>(act: () => Value): Value | null {
  try {
    return act()
  } catch {
    return null
  }
}

function setLimits(
  { SetInformationJobObject }: Pick<WindowsCalls, 'SetInformationJobObject'>,
  job: Handle,
  flags: number,
): boolean {
  const limits = Buffer.alloc(LIMITS_BYTES)
  limits.writeUInt32LE(flags, LIMIT_FLAGS_AT)
  return SetInformationJobObject(job, EXTENDED_LIMITS, limits, limits.length) !== 0
}
