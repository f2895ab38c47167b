// Endings that another one of us began and could not finish, because it was killed while processes were stopped: they are finished, or
// undone where the Serena was continued by someone else meanwhile. Each process is proven to be the one that was meant.
import type { ProcessFact, ProcessTable, SerenaProcess } from '../../facts.ts'
import { type Clock, createCrowd, forceAll } from '../../lib/crowd.ts'
import { holderIsGone } from '../../lib/process-lives.ts'
import { type Limits, type Tree, treeOfRoots } from '../../lib/process-tree.ts'
import type { EndingJournals, EndingRecord } from '../../os/ending-journal.ts'
import type { ProcessEnder } from '../../os/process-ender.ts'
import { bars } from './plan.ts'

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
  /** `ended`: killed as it was planned; `continued`: they run on. */
  outcome: 'ended' | 'continued'
  processes: number
}

/** Finishes or undoes what is left; what someone else is still at is not touched. */
export async function finishEndings(deps: UnfinishedDeps): Promise<Finished[]> {
  const finished: Finished[] = []
  for (const { file, record } of deps.journals.read()) {
    // Its table is newer than the journal: every process stopped by then is in it.
    if (!(await holderIsGone(() => deps.ender.list())(record.writerPid, record.atMs))) continue
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
  // Without its Serena only what we stopped is ended: the rest was continued, or was never stopped.
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
  const crowd = createCrowd(
    { tree, members: meant, told: [] },
    {
      hold: ender.hold,
      clock,
      reason: `plan ${record.plan}`,
      ownUid: limits.ownUid,
      async look(grown) {
        const table = await ender.list()
        return { table, isBarred: bars(grown, { table, serenas: findSerenas(table), limits }) }
      },
    },
  )
  try {
    await forceAll(crowd, clock, journals.open(record))
  } finally {
    crowd.release()
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
