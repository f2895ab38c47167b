// Whether the process of a foreign registry entry may be running. Pure.
import { isDefunct } from '../os/defunct.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import { mayHaveRunAt } from '../os/ran-at.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'

/**
 * Returns whether a process that started before the entry's time may be running; without a time, whether a Serena with that pid
 * may. True if the list cannot show it.
 */
export function mayRunOf(
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
    if (startedAtMs !== null) return mayHaveRunAt(fact, startedAtMs)
    return !isDefunct(fact) && serenas.has(pid)
  }
}
