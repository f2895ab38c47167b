// Whether the process that made a lock has ended, from the list of all processes. Pure.
import type { ProcessTable } from '../facts.ts'

/** The start of a process and the time of a file come from two clocks. */
const CLOCKS_MS = 2_000

/** Proof for `withFileLock`: no such process, a defunct one, or one that began after the lock was made. */
export function holderIsGone(
  list: () => Promise<ProcessTable>,
): (pid: number, lockedAtMs: number) => Promise<boolean> {
  return async (pid, lockedAtMs) => {
    const { byPid, isComplete } = await list()
    const fact = byPid.get(pid)
    if (!fact) return isComplete
    return fact.runState === 'Z' || fact.runState === 'X' || fact.startedAtMs > lockedAtMs + CLOCKS_MS
  }
}
