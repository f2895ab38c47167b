// Who speaks MCP to us: the first above us that does more than run another program. Pure.
import type { ProcessFact, ProcessTable } from '../../facts.ts'

export interface ClientChain {
  client: ProcessFact
  /** Between the client and us, the nearest first. */
  launchers: readonly ProcessFact[]
}

/**
 * The chain above a process. `isLauncher` tells of a command line whether it only runs another one, `isReaper` whether a process
 * adopts those whose parents ended. Null: nobody stands above it who could end, so nothing is to be watched.
 */
export function clientAbove(
  pid: number,
  { byPid }: ProcessTable,
  isLauncher: (fact: ProcessFact) => boolean,
  isReaper: (fact: ProcessFact) => boolean,
): ClientChain | null {
  const launchers: ProcessFact[] = []
  const passed = new Set([pid])
  for (let at = byPid.get(byPid.get(pid)?.ppid ?? 0); at && !passed.has(at.pid); at = byPid.get(at.ppid)) {
    passed.add(at.pid)
    if (isReaper(at)) return null
    if (!isLauncher(at)) return { client: at, launchers }
    launchers.push(at)
  }
  return null
}
