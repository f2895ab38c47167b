// The processes of one tree while it is being ended: held by identity, and listed repeatedly.
import type { HeldProcess, ProcessEnder } from '../os/held-process.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { SignalReason } from '../os/signals.ts'
import { isOwnedRole } from '../serena/process-role.ts'
import { growTree, type Tree } from '../serena/process-tree.ts'

const POLL_MS = 25
/** During a wait the tree is listed again at this interval, so that a process whose parent exits meanwhile is not lost. */
export const RELIST_MS = 250

export interface Clock {
  now(): number
  sleep(ms: number): Promise<void>
}

export interface TrackedTreeDeps {
  hold: ProcessEnder['hold']
  /** A list begun after the call, and which processes in it the end of this tree never touches. */
  scan(tree: Tree): Promise<{ table: ProcessTable; isProtected: (fact: ProcessFact) => boolean }>
  clock: Clock
  /** Why they are signaled. */
  reason: SignalReason
  /** Null: the platform has no users (Windows). */
  ownUid: number | null
}

export interface TreeStart {
  tree: Tree
  /** The processes of the tree that were running when it was built. */
  members: readonly ProcessFact[]
  /** Those that are ended gracefully before any force. */
  targets: readonly ProcessFact[]
  /** The user's own programs in it. */
  others?: readonly ProcessFact[]
}

export interface TrackedTree {
  /** Those that are ended gracefully before any force. */
  readonly targets: readonly HeldProcess[]
  /** The processes of the tree that were running at the last list. */
  living(): readonly ProcessFact[]
  /** Those of another user: never signaled. */
  foreign(): readonly ProcessFact[]
  /** The user's own programs: never signaled, unless they were chosen. */
  leftRunning(): readonly ProcessFact[]
  /** Lists again. */
  refresh(): Promise<readonly ProcessFact[]>
  hold(fact: ProcessFact): HeldProcess
  /** True when all that were running at the last list have exited. */
  isEmpty(): Promise<boolean>
  waitUntil(isDone: () => Promise<boolean>, timeoutMs: number): Promise<void>
  release(): void
}

/** Tracks one tree; `release` it at the end. */
export function createTrackedTree(start: TreeStart, deps: TrackedTreeDeps): TrackedTree {
  const { scan, clock, ownUid } = deps
  const holder = createHolder(deps)
  let { tree, members: living } = start
  let foreign: readonly ProcessFact[] = []
  let others: readonly ProcessFact[] = start.others ?? []
  living.forEach(holder.hold)

  async function refresh(): Promise<readonly ProcessFact[]> {
    const { table, isProtected } = await scan(tree)
    const grown = growTree(tree, table, isProtected)
    tree = grown.tree
    living = table.isComplete ? grown.living : [...grown.living, ...(await holder.unlisted(living, table))]
    foreign = foreignOf(tree, table, ownUid)
    // An incomplete list removes nothing that was seen before.
    others = table.isComplete ? grown.others : onePerIdentity([...others, ...grown.others])
    living.forEach(holder.hold)
    return living
  }

  return {
    targets: start.targets.map(holder.hold),
    living: () => living,
    foreign: () => foreign,
    leftRunning: () => others,
    refresh,
    hold: holder.hold,
    async isEmpty() {
      for (const fact of living) if ((await holder.hold(fact).runState()) !== null) return false
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
    release: holder.release,
  }
}

interface Holder {
  /** Returns the same object each time. */
  hold(fact: ProcessFact): HeldProcess
  /** Those that are running and not in an incomplete list: absence from it proves nothing, the process itself does. */
  unlisted(living: readonly ProcessFact[], table: ProcessTable): Promise<ProcessFact[]>
  release(): void
}

function createHolder({ hold, reason }: Pick<TrackedTreeDeps, 'hold' | 'reason'>): Holder {
  const held = new Map<ProcessIdentity, HeldProcess>()
  const holdOnce = (fact: ProcessFact): HeldProcess => {
    const known = held.get(fact.identity) ?? hold(fact, reason)
    held.set(fact.identity, known)
    return known
  }
  return {
    hold: holdOnce,
    async unlisted(living, { byPid }) {
      const missing = living.filter(({ pid }) => !byPid.has(pid))
      const states = await Promise.all(missing.map((fact) => holdOnce(fact).runState()))
      return missing.filter((_, i) => states[i] !== null)
    },
    release() {
      for (const one of held.values()) one.release()
    },
  }
}

const onePerIdentity = (facts: readonly ProcessFact[]): ProcessFact[] => [
  ...new Map(facts.map((fact) => [fact.identity, fact])).values(),
]

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
