// Finds the MCP client: the first ancestor that does more than run another program. Pure.
import { ancestorsOf } from '../os/ancestors.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'

export interface ClientChain {
  client: ProcessFact
  /** The processes between the client and this one, the nearest first. */
  launchers: readonly ProcessFact[]
}

/**
 * Returns the client of a process. `isLauncher`: a process that only runs another program; `isReaper`: a process that adopts orphans.
 * Null: no ancestor can exit, so there is nothing to watch.
 */
export function findClient(
  pid: number,
  table: ProcessTable,
  isLauncher: (fact: ProcessFact) => boolean,
  isReaper: (fact: ProcessFact) => boolean,
): ClientChain | null {
  const launchers: ProcessFact[] = []
  for (const at of ancestorsOf(pid, table)) {
    if (isReaper(at)) return null
    if (!isLauncher(at)) return { client: at, launchers }
    launchers.push(at)
  }
  return null
}
