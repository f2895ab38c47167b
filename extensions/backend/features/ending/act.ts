// Ending one instance, gently first: asked by its dashboard, then SIGTERM to it alone, then the whole tree is stopped, listed
// again and killed. Its process group is never signalled: it is its client's.
import type { EndingStep, EndingWay, Receipt } from '#contract/ending'
import { AppError } from '#contract/errors'
import type { ProcessFact, ProcessIdentity, ProcessTable, RegistryEntry, SerenaProcess } from '../../facts.ts'
import { type Crowd, createCrowd, forceAll } from '../../lib/crowd.ts'
import type { Limits } from '../../lib/process-tree.ts'
import type { StopJournal } from '../../lib/stop-journal.ts'
import type { EndingJournals } from '../../os/ending-journal.ts'
import type { HeldProcess, ProcessEnder } from '../../os/process-ender.ts'
import { bars, type Deed, namedProcess, type PlannedEnding } from './plan.ts'

/** One language server's end may take 2 s + 5 s + 2 s, an init that does not reap 4 s more. */
const ASKED_MS = 10_000
const TERMINATED_MS = 3_000
/** `stop` has nothing else to try. */
const TERMINATED_STOP_MS = 10_000
/** What ends with its Serena (parent-death signal, launchers) gets this long to do so. */
const AFTERMATH_MS = 1_000

export type Mode = 'kill' | 'stop'

export interface Snapshot {
  table: ProcessTable
  serenas: readonly SerenaProcess[]
}

export interface ActDeps {
  hold: ProcessEnder['hold']
  /** A list begun after the call. */
  snapshot(): Promise<Snapshot>
  limits: Limits
  clock: { now(): number; sleep(ms: number): Promise<void> }
  journals: Pick<EndingJournals, 'open'>
  /** Asks its dashboard to shut down, once the port is proven to be its own; throws AppError otherwise. */
  ask(id: string): Promise<void>
  /** Why the entry stays; null: it is removed. */
  removeEntry(entry: RegistryEntry): Promise<string | null>
  tell(id: string, step: EndingStep, text: string): void
}

export interface Outcome {
  ended: Omit<Receipt['ended'][number], 'launch'>[]
  refused: Receipt['refused']
  survivors: Receipt['survivors']
  leftRunning: NonNullable<Receipt['leftRunning']>
}

type ProcessDeed = Extract<Deed, { kind: 'processes' }>

/** Does what was planned for one instance, and says what came of it. Never throws for what a process does. */
export async function carryOut(planned: PlannedEnding, mode: Mode, deps: ActDeps): Promise<Outcome> {
  const { item, deed } = planned
  if (deed === null) return refusal(planned, item.refusal ?? 'It cannot be ended.', deps)
  if (deed.kind === 'processes') return endProcesses(planned, deed, mode, deps)
  const why = await deps.removeEntry(deed.entry)
  if (why !== null) return refusal(planned, why, deps)
  deps.tell(item.id, 'ended', 'Its entry is removed.')
  const { id, title } = item
  return { ...nothing(), ended: [{ id, title, how: 'entry-removed', processes: 0, freedBytes: 0 }] }
}

const nothing = (): Outcome => ({ ended: [], refused: [], survivors: [], leftRunning: [] })

/** An outcome in which nothing was done. */
export function refusal(
  { item }: { item: { id: string } },
  why: string,
  { tell }: Pick<ActDeps, 'tell'>,
): Outcome {
  tell(item.id, 'refused', why)
  return { ...nothing(), refused: [{ id: item.id, why }] }
}

async function endProcesses(
  planned: PlannedEnding,
  deed: ProcessDeed,
  mode: Mode,
  deps: ActDeps,
): Promise<Outcome> {
  const { item } = planned
  const { hold, snapshot, limits, clock } = deps
  const crowd = createCrowd(deed, {
    hold,
    clock,
    reason: `plan ${item.id}`,
    ownUid: limits.ownUid,
    async look(tree) {
      const { table, serenas } = await snapshot()
      return { table, isBarred: bars(tree, { table, serenas, limits }) }
    },
  })
  try {
    const ended = new Set(deed.members.map(({ identity }) => identity))
    const how = await endGently(item.id, deed, crowd, mode, deps)
    if (how === 'gone before' && (await crowd.refresh()).length === 0)
      return refusal(planned, 'It has ended by itself.', deps)
    if (mode === 'kill' && (how === null || crowd.living().length > 0)) {
      if (how === null) deps.tell(item.id, 'forced', 'It does not end by itself: its whole tree is killed.')
      for (const identity of await forceAll(crowd, clock, journalOf(planned, deed, deps))) ended.add(identity)
    }
    return await report(planned, how === 'gone before' ? 'terminate' : how, ended, crowd, mode, deps)
  } finally {
    crowd.release()
  }
}

function journalOf({ item }: PlannedEnding, { told, tree }: ProcessDeed, { journals }: ActDeps): StopJournal {
  const { id, title } = item
  const target = tree.serena === null ? undefined : told.find(({ identity }) => identity === tree.serena)
  return journals.open({
    plan: id,
    title,
    target: target ? { pid: target.pid, identity: target.identity } : null,
    includesPersons: tree.includesPersons ?? false,
  })
}

/** Asks, then terminates. Null: who was told to end lives on. */
async function endGently(
  id: string,
  deed: ProcessDeed,
  crowd: Crowd,
  mode: Mode,
  deps: ActDeps,
): Promise<EndingWay | 'gone before' | null> {
  const { told } = crowd
  const isOver = (): Promise<boolean> => areGone(told)
  if (await isOver()) return 'gone before'
  let how: EndingWay = 'shutdown'
  if (deed.isAsked) await askAndWait(id, crowd, isOver, deps)
  if (!(await isOver())) {
    how = 'terminate'
    deps.tell(id, 'terminated', `${namesOf(told)} told to end (SIGTERM).`)
    for (const one of told) await one.signal('SIGTERM')
    // A stopped process only queues it.
    for (const one of told) if ((await one.runState()) === 'T') await one.signal('SIGCONT')
    await crowd.waitUntil(isOver, mode === 'stop' ? TERMINATED_STOP_MS : TERMINATED_MS)
  }
  if (!(await isOver())) return null
  await crowd.waitUntil(
    async () => (await crowd.isEmpty()) && (await crowd.refresh()).length === 0,
    AFTERMATH_MS,
  )
  return how
}

async function areGone(held: readonly HeldProcess[]): Promise<boolean> {
  for (const one of held) if ((await one.runState()) !== null) return false
  return true
}

const namesOf = ([first, ...others]: readonly HeldProcess[]): string =>
  others.length === 0 ? `Process ${first?.fact.pid} is` : `${others.length + 1} processes are`

/** That it cannot be asked is no failure: there are other ways. */
async function askAndWait(
  id: string,
  crowd: Crowd,
  isOver: () => Promise<boolean>,
  { ask, tell }: ActDeps,
): Promise<void> {
  tell(id, 'asked', 'It is asked to shut itself down.')
  let isRefused = false
  // Serena never answers this one: its process tells.
  const asking = ask(id).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
    isRefused = true
  })
  await crowd.waitUntil(async () => isRefused || (await isOver()), ASKED_MS)
  if (isRefused) await asking
}

async function report(
  { item }: PlannedEnding,
  gently: EndingWay | null,
  endedProcesses: ReadonlySet<ProcessIdentity>,
  crowd: Crowd,
  mode: Mode,
  deps: ActDeps,
): Promise<Outcome> {
  const left = await crowd.refresh()
  const survivors = await Promise.all(
    left.map(async (fact) => ({ pid: fact.pid, why: await whyAlive(crowd.hold(fact), mode) })),
  )
  for (const { pid } of crowd.foreign())
    survivors.push({ pid, why: 'It belongs to another user: only that user can end it.' })
  for (const { pid, why } of survivors) deps.tell(item.id, 'survived', `Process ${pid} lives on: ${why}`)
  const leftRunning = (await runningOf(crowd)).map((fact) => ({ id: item.id, ...namedProcess(fact) }))
  if (!(await areGone(crowd.told))) return { ...nothing(), survivors, leftRunning }
  const leftBytes = left.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0)
  const freedBytes = Math.max(0, (item.memoryBytes ?? 0) - leftBytes)
  const processes = [...endedProcesses].filter(
    (identity) => !left.some((one) => one.identity === identity),
  ).length
  const how = gently ?? 'force'
  deps.tell(item.id, 'ended', how === 'force' ? 'It was killed.' : 'It has ended.')
  const ended = [{ id: item.id, title: item.title, how, processes, freedBytes }]
  return { ...nothing(), ended, survivors, leftRunning }
}

/** What of the person's runs on. */
async function runningOf(crowd: Crowd): Promise<ProcessFact[]> {
  const running: ProcessFact[] = []
  for (const fact of crowd.leftRunning()) if ((await crowd.hold(fact).runState()) !== null) running.push(fact)
  return running
}

async function whyAlive(held: HeldProcess, mode: Mode): Promise<string> {
  if (mode === 'stop') return 'It did not end when it was asked to, and `stop` never forces.'
  const runState = await held.runState()
  if (runState === 'D')
    return 'It waits for the kernel (state D, often a disk or network file system): it ends when that wait does.'
  const outcome = await held.signal('SIGKILL')
  return outcome === 'refused'
    ? 'The system does not allow this user to signal it.'
    : `It was killed and still runs (state ${runState ?? 'unknown'}).`
}
