// Whether the processes below a Serena work: they use the processor, or were started while it was watched. Programs that a tool call has
// started may need longer than Serena itself has patience.
import { loadLightEnder } from '../os/light-ender.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { parseSerenaCommand } from '../serena/command-line.ts'
import { isBelow } from '../serena/process-tree.ts'

/** Of one processor; a language server at rest uses less. */
const WORKING_SHARE = 0.1

/** Lists the processes below `pid`; the returned function lists them again and returns whether they have worked in between. */
export async function watchChildren(pid: number, now: () => number): Promise<() => Promise<boolean>> {
  const ender = await loadLightEnder()
  const startedAtMs = now()
  const before = childrenOf(await ender.list(), pid)
  return async () => haveWorked(before, childrenOf(await ender.list(), pid), now() - startedAtMs)
}

/** Null: the list is incomplete. A launcher starts the Serena as its child, which is no program of a call. */
function childrenOf(table: ProcessTable, pid: number): readonly ProcessFact[] | null {
  if (!table.isComplete) return null
  return [...table.byPid.values()].filter(
    (fact) =>
      fact.pid !== pid &&
      isBelow(fact.pid, pid, table) &&
      (fact.argv === null || parseSerenaCommand(fact.argv) === null),
  )
}

/** What is not known counts as work. Pure. */
export function haveWorked(
  before: readonly ProcessFact[] | null,
  after: readonly ProcessFact[] | null,
  passedMs: number,
): boolean {
  if (before === null || after === null) return true
  const known = new Map(before.map((fact) => [fact.identity, fact.cpuMs]))
  return after.some(({ identity, cpuMs }) => {
    const earlierMs = known.get(identity)
    if (earlierMs === undefined || earlierMs === null || cpuMs === null) return true
    return cpuMs - earlierMs >= passedMs * WORKING_SHARE
  })
}
