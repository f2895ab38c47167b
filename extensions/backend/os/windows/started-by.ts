// Which processes a process has started. Windows keeps the pid of a parent that has exited, and gives it out again. Pure.
import { identityOf, type NativeProcess } from './native-process-info.ts'
import type { ProcessKey } from './native-process-reader.ts'

/** What the system records of the start of a process. */
export type StartRecord = Pick<NativeProcess, 'pid' | 'parentPid' | 'created'>

/** The identities of all processes that ran before the first parent was started. */
export type RanBefore = ReadonlySet<string>

/**
 * Returns true if `parent` started it. A process from before that parent was started by an earlier process with its pid; `ranBefore` says
 * so even if the clock was set back. The result is certain only while a handle of the parent is open: no later process can have its pid
 * then.
 */
export const isStartedBy = (process: StartRecord, parent: ProcessKey, ranBefore: RanBefore): boolean =>
  process.parentPid === parent.pid &&
  process.pid !== parent.pid &&
  parent.created > 0n &&
  process.created >= parent.created &&
  !ranBefore.has(identityOf(process))

/** Returns the pids of the processes that one of the parents started, each with that parent. */
export function startedBy(
  processes: readonly StartRecord[],
  parents: readonly ProcessKey[],
  ranBefore: RanBefore,
): readonly { pid: number; parent: ProcessKey }[] {
  return processes.flatMap((process) => {
    const parent = parents.find((one) => isStartedBy(process, one, ranBefore))
    return parent ? [{ pid: process.pid, parent }] : []
  })
}
