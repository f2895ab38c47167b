// The processes of one tree while it is being ended: held by identity, listed again and again, stopped before they are killed.
import type { ProcessFact, ProcessIdentity, ProcessTable } from '../facts.ts'
import type { HeldProcess, ProcessEnder } from '../os/process-ender.ts'
import type { SignalReason } from '../os/signals.ts'
import { isOwnedRole } from './process-role.ts'
import { growTree, type Tree } from './process-tree.ts'
import type { StopJournal } from './stop-journal.ts'

const FORCED_MS = 3_000
const POLL_MS = 25
/** While we wait the tree is listed again so often, so that nobody is lost who loses his parent meanwhile. */
const RELIST_MS = 250
const MAX_STOP_ROUNDS = 20

export interface Clock {
  now(): number
  sleep(ms: number): Promise<void>
}

export interface CrowdDeps {
  hold: ProcessEnder['hold']
  /** A list begun after the call, and who in it is never touched by the end of this tree. */
  look(tree: Tree): Promise<{ table: ProcessTable; isBarred: (fact: ProcessFact) => boolean }>
  clock: Clock
  /** Why they are signaled. */
  reason: SignalReason
  /** Null: where users are not told apart (Windows). */
  ownUid: number | null
}

export interface Crowd {
  /** Those that are told to end, before any force. */
  readonly told: readonly HeldProcess[]
  /** Who of the tree lived at the last look. */
  living(): readonly ProcessFact[]
  /** Who of the tree lived at the last look and is another user's: never signalled. */
  foreign(): readonly ProcessFact[]
  /** Who of the tree lived at the last look and is the person's: never signalled, unless they were chosen. */
  leftRunning(): readonly ProcessFact[]
  /** Looks again. */
  refresh(): Promise<readonly ProcessFact[]>
  hold(fact: ProcessFact): HeldProcess
  /** True when all that were seen living are gone. */
  isEmpty(): Promise<boolean>
  waitUntil(isDone: () => Promise<boolean>, timeoutMs: number): Promise<void>
  release(): void
}

/** The crowd of a tree; `members`: who of it lived when it was drawn. */
export function createCrowd(
  start: {
    tree: Tree
    members: readonly ProcessFact[]
    told: readonly ProcessFact[]
    others?: readonly ProcessFact[]
  },
  { hold, look, clock, reason, ownUid }: CrowdDeps,
): Crowd {
  const held = new Map<ProcessIdentity, HeldProcess>()
  const holdOnce = (fact: ProcessFact): HeldProcess => {
    const known = held.get(fact.identity) ?? hold(fact, reason)
    held.set(fact.identity, known)
    return known
  }
  let { tree, members: living } = start
  let foreign: readonly ProcessFact[] = []
  let others: readonly ProcessFact[] = start.others ?? []
  const remember = (): void => {
    for (const fact of living) holdOnce(fact)
  }
  remember()

  async function refresh(): Promise<readonly ProcessFact[]> {
    const { table, isBarred } = await look(tree)
    const grown = growTree(tree, table, isBarred)
    tree = grown.tree
    living = table.isComplete ? grown.living : [...grown.living, ...(await unlisted(table))]
    foreign = foreignOf(tree, table, ownUid)
    // Of a list that could not be read whole those that were seen before stay.
    others = table.isComplete
      ? grown.others
      : [...new Map([...others, ...grown.others].map(byIdentity)).values()]
    remember()
    return living
  }

  /** Those who lived and are not in a list that could not be read whole: absence proves nothing there, only they do. */
  async function unlisted({ byPid }: ProcessTable): Promise<ProcessFact[]> {
    const missing = living.filter(({ pid }) => !byPid.has(pid))
    const states = await Promise.all(missing.map((fact) => holdOnce(fact).runState()))
    return missing.filter((_, i) => states[i] !== null)
  }

  return {
    told: start.told.map(holdOnce),
    living: () => living,
    foreign: () => foreign,
    leftRunning: () => others,
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

const byIdentity = (fact: ProcessFact): [ProcessIdentity, ProcessFact] => [fact.identity, fact]

function foreignOf(
  { known, roles, includesPersons = false }: Tree,
  { byPid }: ProcessTable,
  ownUid: number | null,
): ProcessFact[] {
  if (ownUid === null) return []
  return [...known.values()].filter(({ pid, identity }) => {
    if (!includesPersons && !isOwnedRole(roles.get(identity) ?? 'person')) return false
    const now = byPid.get(pid)
    return now?.identity === identity && now.uid !== ownUid && now.runState !== 'Z' && now.runState !== 'X'
  })
}

/**
 * Stops all, looks again until nobody new is there, kills all. Whoever is stopped cannot start another one. Resolves to all that
 * were sent the kill; whatever happens meanwhile, nobody is left stopped.
 */
export async function forceAll(
  crowd: Crowd,
  clock: Clock,
  journal: StopJournal | null = null,
): Promise<ReadonlySet<ProcessIdentity>> {
  const stopped = new Map<ProcessIdentity, HeldProcess>()
  const killed = new Set<ProcessIdentity>()
  try {
    for (let round = 0; round < MAX_STOP_ROUNDS; round++) {
      const fresh = (await crowd.refresh()).filter(({ identity }) => !stopped.has(identity))
      if (fresh.length === 0) break
      journal?.write([...[...stopped.values()].map(({ fact }) => fact), ...fresh])
      for (const fact of fresh) {
        const held = crowd.hold(fact)
        stopped.set(fact.identity, held)
        await held.signal('SIGSTOP')
      }
    }
    const deadline = clock.now() + FORCED_MS
    do {
      // From below: a group whose last parent exits while others of it are stopped gets a hangup, and the person's may be in it.
      for (const fact of [...crowd.living()].reverse()) {
        killed.add(fact.identity)
        await crowd.hold(fact).signal('SIGKILL')
      }
      await crowd.waitUntil(() => crowd.isEmpty(), RELIST_MS)
    } while ((await crowd.refresh()).length > 0 && clock.now() < deadline)
  } catch (error) {
    for (const held of stopped.values()) await held.signal('SIGKILL')
    throw error
  } finally {
    // Who is none of the tree by the last look, or could not be killed, goes on.
    for (const held of stopped.values()) await held.signal('SIGCONT')
    journal?.remove()
  }
  return killed
}
