// Whether the process behind a lock or a registry entry is running, by the list of all processes. Pure.

import type { ProcessTable } from '../process-facts.ts'
import { mayHaveRunAt } from '../ran-at.ts'

/**
 * Returns true if the holder of a lock is proven to have exited: no such process, a defunct one, or one that began after the lock was
 * made.
 */
export function hasHolderExited(
  list: () => Promise<ProcessTable>,
): (pid: number, lockedAtMs: number) => Promise<boolean> {
  return async (pid, lockedAtMs) => {
    const { byPid, isComplete } = await list()
    const fact = byPid.get(pid)
    return fact ? !mayHaveRunAt(fact, lockedAtMs) : isComplete
  }
}
