// The processes above a process in one list. Pure.
import type { ProcessFact, ProcessTable } from './process-facts.ts'

/** Returns the ancestors of a pid from its parent upwards, pid 1 included; ends at a gap or a cycle. */
export function ancestorsOf(pid: number, { byPid }: Pick<ProcessTable, 'byPid'>): ProcessFact[] {
  const ancestors: ProcessFact[] = []
  const visited = new Set([pid])
  for (let at = parentOf(pid); at && !visited.has(at.pid); at = parentOf(at.pid)) {
    visited.add(at.pid)
    ancestors.push(at)
  }
  return ancestors

  function parentOf(child: number): ProcessFact | undefined {
    const fact = byPid.get(child)
    return fact && byPid.get(fact.ppid)
  }
}
