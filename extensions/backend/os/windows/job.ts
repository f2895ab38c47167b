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

interface Job {
  /** Closes the job; what still runs in it continues. */
  release(): void
}

/**
 * Puts a child into a job right after its start, so that it and what it starts end with this process, even if that is killed. After the exit
 * of the child the rest continues: programs of the user below a Serena are not ended with it. Returns false elsewhere than on Windows,
 * without native calls, or if Windows refused.
 */
export function tieToJob(child: ChildProcess): boolean {
  const { calls } = loadWindowsCalls()
  // Not reaped yet: its pid is its own.
  const job = calls && child.pid !== undefined && createJob(calls, child.pid)
  if (job) child.once('exit', job.release)
  return Boolean(job)
}

function createJob(calls: WindowsCalls, pid: number): Job | null {
  const job = calls.CreateJobObjectW(null, null)
  if (!isOpened(job)) return null
  const isTied =
    setLimits(calls, job, KILL_ON_JOB_CLOSE) &&
    withHandle(
      calls,
      calls.OpenProcess(SET_QUOTA | TERMINATE, 0, pid),
      (child) => calls.AssignProcessToJobObject(job, child) !== 0,
    )
  if (!isTied) {
    calls.CloseHandle(job)
    return null
  }
  let isOpen = true
  return {
    release() {
      if (!isOpen) return
      isOpen = false
      setLimits(calls, job, 0)
      calls.CloseHandle(job)
    },
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
