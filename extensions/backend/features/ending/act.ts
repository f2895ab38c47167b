// Ending one instance, gently first: asked by its dashboard, then SIGTERM to it alone, then the whole tree is stopped, listed
// again and killed. Its process group is never signalled: it is its client's.
import type { EndingStep, EndingWay, Receipt } from '#contract/ending'
import { AppError } from '#contract/errors'
import type { ProcessFact, ProcessIdentity, ProcessTable, RegistryEntry, SerenaProcess } from '../../facts.ts'
import { growTree, type Limits, type Tree } from '../../lib/process-tree.ts'
import type { HeldProcess, ProcessEnder } from '../../os/process-ender.ts'
import { bars, type Deed, type PlannedEnding } from './plan.ts'

/** One language server's end may take 2 s + 5 s + 2 s, an init that does not reap 4 s more. */
const ASKED_MS = 10_000
const TERMINATED_MS = 3_000
/** `stop` has nothing else to try. */
const TERMINATED_STOP_MS = 10_000
/** What ends with its Serena (parent-death signal, launchers) gets this long to do so. */
const AFTERMATH_MS = 1_000
const FORCED_MS = 3_000
const POLL_MS = 25
/** While we wait the tree is listed again so often, so that nobody is lost who loses his parent meanwhile. */
const RELIST_MS = 250
const MAX_STOP_ROUNDS = 20

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

const nothing = (): Outcome => ({ ended: [], refused: [], survivors: [] })

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
  const crowd = createCrowd(deed, deps)
  try {
    const ended = new Set(deed.members.map(({ identity }) => identity))
    const how = await endGently(item.id, deed, crowd, mode, deps)
    if (how === 'gone before' && (await crowd.refresh()).length === 0)
      return refusal(planned, 'It has ended by itself.', deps)
    if (mode === 'kill' && (how === null || crowd.living().length > 0)) {
      if (how === null) deps.tell(item.id, 'forced', 'It does not end by itself: its whole tree is killed.')
      for (const identity of await forceAll(crowd, deps)) ended.add(identity)
    }
    return await report(planned, how === 'gone before' ? 'terminate' : how, ended, crowd, mode, deps)
  } finally {
    crowd.release()
  }
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

/** Stops all, looks again until nobody new is there, kills all. Whoever is stopped cannot start another one. */
async function forceAll(crowd: Crowd, deps: ActDeps): Promise<ReadonlySet<ProcessIdentity>> {
  const stopped = new Set<ProcessIdentity>()
  for (let round = 0; round < MAX_STOP_ROUNDS; round++) {
    const fresh = (await crowd.refresh()).filter(({ identity }) => !stopped.has(identity))
    if (fresh.length === 0) break
    for (const fact of fresh) {
      await crowd.hold(fact).signal('SIGSTOP')
      stopped.add(fact.identity)
    }
  }
  const deadline = deps.clock.now() + FORCED_MS
  do {
    for (const fact of crowd.living()) await crowd.hold(fact).signal('SIGKILL')
    await crowd.waitUntil(() => crowd.isEmpty(), RELIST_MS)
  } while ((await crowd.refresh()).length > 0 && deps.clock.now() < deadline)
  return stopped
}

async function report(
  { item, instance }: PlannedEnding,
  gently: EndingWay | null,
  ended: ReadonlySet<ProcessIdentity>,
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
  if (!(await areGone(crowd.told))) return { ...nothing(), survivors }
  const leftBytes = left.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0)
  const freedBytes = Math.max(0, (instance.memoryBytes ?? 0) - leftBytes)
  const processes = [...ended].filter((identity) => !left.some((one) => one.identity === identity)).length
  const how = gently ?? 'force'
  deps.tell(item.id, 'ended', how === 'force' ? 'It was killed.' : 'It has ended.')
  return { ...nothing(), ended: [{ id: item.id, title: item.title, how, processes, freedBytes }], survivors }
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

function foreignOf({ known }: Tree, { byPid }: ProcessTable, ownUid: number | null): ProcessFact[] {
  if (ownUid === null) return []
  return [...known.values()].filter(({ pid, identity }) => {
    const now = byPid.get(pid)
    return now?.identity === identity && now.uid !== ownUid && now.runState !== 'Z' && now.runState !== 'X'
  })
}

interface Crowd {
  /** Those that are told to end, before any force. */
  readonly told: readonly HeldProcess[]
  /** Who of the tree lived at the last look. */
  living(): readonly ProcessFact[]
  /** Who of the tree lives and is another user's: never signalled. */
  foreign(): readonly ProcessFact[]
  /** Looks again. */
  refresh(): Promise<readonly ProcessFact[]>
  hold(fact: ProcessFact): HeldProcess
  /** True when all that were seen living are gone. */
  isEmpty(): Promise<boolean>
  waitUntil(isDone: () => Promise<boolean>, timeoutMs: number): Promise<void>
  release(): void
}

/** The processes of one instance while it is being ended. */
function createCrowd(deed: ProcessDeed, { hold, snapshot, limits, clock }: ActDeps): Crowd {
  const held = new Map<ProcessIdentity, HeldProcess>()
  const holdOnce = (fact: ProcessFact): HeldProcess => {
    const known = held.get(fact.identity) ?? hold(fact)
    held.set(fact.identity, known)
    return known
  }
  let { tree, members: living } = deed
  let foreign: readonly ProcessFact[] = []
  const remember = (): void => {
    for (const fact of living) holdOnce(fact)
  }
  remember()

  async function refresh(): Promise<readonly ProcessFact[]> {
    const { table, serenas } = await snapshot()
    const grown = growTree(tree, table, bars(tree, { table, serenas, limits }))
    tree = grown.tree
    living = grown.living
    foreign = foreignOf(tree, table, limits.ownUid)
    remember()
    return living
  }

  return {
    told: deed.told.map(holdOnce),
    living: () => living,
    foreign: () => foreign,
    refresh,
    hold: holdOnce,
    async isEmpty() {
      for (const fact of living) if ((await holdOnce(fact).runState()) !== null) return false
      return true
    },
    async waitUntil(isDone, timeoutMs) {
      const deadline = clock.now() + timeoutMs
      let listedAtMs = clock.now()
      while (!(await isDone()) && clock.now() < deadline) {
        await clock.sleep(POLL_MS)
        if (clock.now() - listedAtMs < RELIST_MS) continue
        await refresh()
        listedAtMs = clock.now()
      }
    },
    release() {
      for (const one of held.values()) one.release()
    },
  }
}
