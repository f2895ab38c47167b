// Endings that another backend began and could not finish, because it was killed while processes were stopped: they are finished, or
// undone if the Serena was continued meanwhile. Each process is proven to be the one that was meant.

import { hasHolderExited } from '../os/files/lock-holder.ts'
import type { ProcessEnder } from '../os/held-process.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { type Limits, type Tree, treeOfRoots } from '../serena/process-tree.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { EndingJournals, EndingRecord } from './ending-journal.ts'
import { climbLadder } from './ladder.ts'
import { isProtectedFrom } from './plan.ts'
import { type Clock, createTrackedTree } from './tracked-tree.ts'

export interface UnfinishedDeps {
  journals: EndingJournals
  ender: ProcessEnder
  findSerenas(table: ProcessTable): readonly SerenaProcess[]
  limits: Limits
  clock: Clock
}

export interface Finished {
  title: string
  plan: string
  /** `ended`: killed as planned; `continued`: they are running again. */
  outcome: 'ended' | 'continued'
  processes: number
}

/** Finishes or undoes what is left; an ending whose writer is still running is not touched. */
export async function finishEndings(deps: UnfinishedDeps): Promise<Finished[]> {
  const finished: Finished[] = []
  for (const { file, record } of deps.journals.read()) {
    // Its table is newer than the journal: every process stopped by then is in it.
    if (!(await hasHolderExited(() => deps.ender.list())(record.writerPid, record.atMs))) continue
    const table = await deps.ender.list()
    if (!table.isComplete) continue
    const done = await finishOne(record, table, deps)
    deps.journals.remove(file)
    if (done !== null) finished.push(done)
  }
  return finished
}

async function finishOne(
  record: EndingRecord,
  table: ProcessTable,
  deps: UnfinishedDeps,
): Promise<Finished | null> {
  const { title, plan, target } = record
  const present = record.stopped.flatMap(({ pid, identity }) => {
    const fact = table.byPid.get(pid)
    return fact?.identity === identity && fact.runState !== 'Z' && fact.runState !== 'X' ? [fact] : []
  })
  const serena = present.find(({ identity }) => identity === target?.identity)
  const stopped = present.filter(isStopped)
  if (stopped.length === 0) return null
  if (serena !== undefined && !isStopped(serena)) {
    await signalAll(stopped, 'SIGCONT', record, deps)
    return { title, plan, outcome: 'continued', processes: stopped.length }
  }
  // Without its Serena only what is still stopped is ended: the rest was continued, or was never stopped.
  const meant = serena === undefined ? stopped : present
  await endAll(meant, record, deps)
  return { title, plan, outcome: 'ended', processes: meant.length }
}

const isStopped = ({ runState }: ProcessFact): boolean => runState === 'T'

async function endAll(
  meant: readonly ProcessFact[],
  record: EndingRecord,
  deps: UnfinishedDeps,
): Promise<void> {
  const { ender, findSerenas, limits, clock, journals } = deps
  const tree: Tree = {
    ...treeOfRoots(meant, 'serena'),
    serena: record.target?.identity ?? null,
    includesPersons: record.includesPersons,
  }
  const tracked = createTrackedTree(
    { tree, members: meant, targets: [] },
    {
      hold: ender.hold,
      clock,
      reason: `plan ${record.plan}`,
      ownUid: limits.ownUid,
      async scan(grown) {
        const table = await ender.list()
        const serenas = findSerenas(table)
        return { table, isProtected: isProtectedFrom(grown, { table, serenas, limits }) }
      },
    },
  )
  try {
    const isOver = (): Promise<boolean> => Promise.resolve(false)
    await climbLadder(tracked, clock, { rungs: [], isOver, force: () => journals.open(record) })
  } finally {
    tracked.release()
  }
}

async function signalAll(
  facts: readonly ProcessFact[],
  signal: 'SIGCONT',
  { plan }: EndingRecord,
  { ender }: UnfinishedDeps,
): Promise<void> {
  for (const fact of facts) {
    const held = ender.hold(fact, `plan ${plan}`)
    await held.signal(signal)
    held.release()
  }
}
