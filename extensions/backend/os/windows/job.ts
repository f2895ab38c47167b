// Job objects: a process in a job, and all that it starts, ends when the last handle of the job is closed, however the holder ends.
import type { ChildProcess } from 'node:child_process'
import type { Handle, WindowsCalls } from './native-calls.ts'
import { isOpened, loadWindowsCalls, withHandle } from './native-calls.ts'

/** Access rights that AssignProcessToJobObject needs (winnt.h). */
const SET_QUOTA = 0x100
const TERMINATE = 0x1

/** JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows: its size, and `BasicLimitInformation.LimitFlags` (winnt.h). */
const EXTENDED_LIMITS = 9
const LIMITS_BYTES = 144
const LIMIT_FLAGS_AT = 16
const KILL_ON_JOB_CLOSE = 0x2000

/**
 * Runs `start` and puts its child into a job, so that it and what it starts end with this process, even if that is killed. Calls and job
 * are ready before the start: what the child starts before it is in the job stays outside. After the exit of the child the rest
 * continues: programs of the user below a Serena are not ended with it. Elsewhere than on Windows, and without native calls, it only runs
 * `start`.
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
  /** Returns false if Windows refuses. */
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
  return {
    release,
    add: (pid) =>
      withHandle(
        calls,
        calls.OpenProcess(SET_QUOTA | TERMINATE, 0, pid),
        (child) => calls.AssignProcessToJobObject(job, child) !== 0,
      ) ?? false,
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
