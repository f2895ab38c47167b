// Puts into a job what a process has started before it was in the job itself. Each process is proven through its own handle, at the same
// moment: the list is only a hint.
import type { Handle, WindowsCalls } from './native-calls.ts'
import { isOpened } from './native-calls.ts'
import { identityOf } from './native-process-info.ts'
import { type ProcessKey, parentPidOf, startOf } from './native-process-reader.ts'
import { isStartedBy, startedBy } from './started-by.ts'
import { createSystemReader } from './system-reader.ts'

/** Access rights that AssignProcessToJobObject needs, and that of the proof (winnt.h). Wine wants the whole one for IsProcessInJob. */
const SET_QUOTA = 0x100
const TERMINATE = 0x1
const QUERY_INFORMATION = 0x400
export const JOIN_RIGHTS = SET_QUOTA | TERMINATE | QUERY_INFORMATION

/** One scan finds one generation. Only programs that start programs without end get further. */
const MAX_SCANS = 16

export type JobCalls = Pick<
  WindowsCalls,
  | 'AssignProcessToJobObject'
  | 'CloseHandle'
  | 'GetProcessTimes'
  | 'IsProcessInJob'
  | 'NtQueryInformationProcess'
  | 'NtQuerySystemInformation'
  | 'OpenProcess'
  | 'addressOf'
>

/**
 * Prepares the job for a process that starts later: returns a function that adds the descendants of that process, which is in the job
 * itself and whose handle has JOIN_RIGHTS. What a process starts once it is in the job is in the job too, so one scan for each generation
 * is enough. Skipped are processes that exit meanwhile, what they have started, and what Windows refuses.
 */
export function createDescendantJoiner(
  calls: JobCalls,
  job: Handle,
): (child: { pid: number; process: Handle }) => void {
  const readSystem = createSystemReader(calls)
  const before = readSystem()
  if (before === null) return () => undefined
  const ranBefore = new Set(before.map(identityOf))

  /** Returns the process if it is new in the job. */
  function join(pid: number, handle: Handle, parent: ProcessKey): readonly ProcessKey[] {
    const created = startOf(calls, handle)
    const parentPid = parentPidOf(calls, handle)
    if (created === null || parentPid === null) return []
    if (!isStartedBy({ pid, parentPid, created }, parent, ranBefore) || !isOutside(calls, job, handle))
      return []
    return calls.AssignProcessToJobObject(job, handle) === 0 ? [] : [{ pid, created }]
  }

  return ({ pid, process }) => {
    const created = startOf(calls, process)
    let parents: readonly ProcessKey[] = created === null ? [] : [{ pid, created }]
    // Open until the end: a pid stays that of its process as long as a handle is open.
    const held: Handle[] = []
    try {
      for (let scans = 0; parents.length > 0 && scans < MAX_SCANS; scans++) {
        parents = startedBy(readSystem() ?? [], parents, ranBefore).flatMap((found) => {
          const handle = calls.OpenProcess(JOIN_RIGHTS, 0, found.pid)
          if (!isOpened(handle)) return []
          held.push(handle)
          return join(found.pid, handle, found.parent)
        })
      }
    } finally {
      for (const handle of held) calls.CloseHandle(handle)
    }
  }
}

/** Returns false if Windows does not say so. */
function isOutside(
  { IsProcessInJob }: Pick<JobCalls, 'IsProcessInJob'>,
  job: Handle,
  process: Handle,
): boolean {
  const answer: [number] = [1]
  return IsProcessInJob(process, job, answer) !== 0 && answer[0] === 0
}
