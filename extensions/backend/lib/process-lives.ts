// Whether the process behind a lock or a registry entry lives, from the list of all processes. Pure.
import type { ProcessTable, SerenaProcess } from '../facts.ts'

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

/**
 * Whether the process that a foreign registry entry names may live: one that began by then; without a time, a Serena of that pid.
 * True when the list does not tell.
 */
export function mayLiveOf(
  { byPid, isComplete }: ProcessTable,
  findSerenas: (table: ProcessTable) => readonly SerenaProcess[],
): (pid: number, startedAtMs: number | null) => boolean {
  const serenas = new Set(
    findSerenas({ byPid, isComplete }).flatMap(({ process, wrappers }) =>
      [process, ...wrappers].map(({ pid }) => pid),
    ),
  )
  return (pid, startedAtMs) => {
    const fact = byPid.get(pid)
    if (!fact) return !isComplete
    if (fact.runState === 'Z' || fact.runState === 'X') return false
    return startedAtMs === null ? serenas.has(pid) : fact.startedAtMs <= startedAtMs + CLOCKS_MS
  }
}
