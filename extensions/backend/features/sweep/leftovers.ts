// What Serenas leave behind: their language servers and viewers are remembered while they live, and shown when they outlive
// them. Nobody is ever taken by his name alone: he was seen below that Serena, as the same process, while it lived.
import type { Project } from '#contract/instance'
import type { LeftTreeFacts, ProcessFact, ProcessIdentity, ProcessTable, SerenaProcess } from '../../facts.ts'
import {
  barOf,
  growTree,
  isTrayManager,
  otherTrees,
  type Tree,
  treeOfRoots,
  withoutGone,
  withRoots,
} from '../../lib/process-tree.ts'
import { leftKindOf, serverNameOf } from './language-servers.ts'
import { instanceId } from './present.ts'

/** What ends with its Serena (parent-death signal, end of its input) does so within a second or two. */
export const LEAVING_MS = 10_000

/** What the shown list said of a Serena. */
export interface LastSeen {
  project: Project | null
  serenaHome: string | null
}

export interface LeftTree extends LeftTreeFacts {
  serenaHome: string | null
  tree: Tree
}

export interface Leftovers {
  /**
   * Takes a round. `shown`: the Serenas whose trees are remembered; `serenas`: all that live, whose trees nobody else has;
   * `seen`: what was known of one.
   */
  renew(
    found: { shown: readonly SerenaProcess[]; serenas: readonly SerenaProcess[]; table: ProcessTable },
    seen: (identity: ProcessIdentity) => LastSeen | null,
  ): void
  /** What outlived its Serena by long enough to have been left behind. */
  known(): readonly LeftTree[]
}

interface Remembered extends LastSeen {
  serena: { pid: number; identity: ProcessIdentity }
  tree: Tree
  living: readonly ProcessFact[]
  /** Null: it lives. */
  goneAtMs: number | null
}

/** Remembers between rounds; `now` is monotonic. Holds nothing of processes that are gone. */
export function createLeftovers({
  now,
  ownPid,
  ownUid,
}: {
  now: () => number
  ownPid: number
  ownUid: number | null
}): Leftovers {
  const remembered = new Map<ProcessIdentity, Remembered>()

  /** Grows the tree by who came, and forgets who is gone. */
  function renewTree(one: Remembered, table: ProcessTable, others: ReadonlySet<ProcessIdentity>): void {
    const isBarred = (fact: ProcessFact): boolean =>
      others.has(fact.identity) || barOf(fact, { ownPid, ownUid }, new Set()) !== null
    const { tree, living } = growTree(one.tree, table, isBarred)
    one.tree = withoutGone(tree, table)
    if (table.isComplete) one.living = [...living].sort(oldestFirst)
  }

  function remember(
    serena: SerenaProcess,
    serenas: readonly SerenaProcess[],
    table: ProcessTable,
    seen: LastSeen | null,
  ): void {
    const { pid, identity } = serena.process
    const roots = serena.descendants.filter(
      (child) => !isTrayManager(child) && leftKindOf(child, serena) !== null,
    )
    const before = remembered.get(identity)
    if (!before && roots.length === 0) return
    const one: Remembered = before ?? {
      serena: { pid, identity },
      project: null,
      serenaHome: null,
      tree: treeOfRoots([]),
      living: [],
      goneAtMs: null,
    }
    remembered.set(identity, one)
    if (seen) Object.assign(one, { ...seen, project: seen.project ?? one.project })
    one.goneAtMs = null
    one.tree = withRoots(one.tree, roots)
    const others = serenas.filter(({ process }) => process.identity !== identity)
    renewTree(one, table, otherTrees(others, one.tree))
  }

  return {
    renew({ shown, serenas, table }, seen) {
      const living = new Set(serenas.map(({ process }) => process.identity))
      for (const serena of shown)
        if (!serena.isLauncherOnly) remember(serena, serenas, table, seen(serena.process.identity))
      const taken = otherTrees(serenas, treeOfRoots([]))
      for (const [identity, one] of remembered) {
        const isAway = living.has(identity) ? false : isGone(one.serena, table)
        if (isAway === false) one.goneAtMs = null
        if (!isAway) continue
        one.goneAtMs ??= now()
        renewTree(one, table, taken)
        if (one.living.length === 0) remembered.delete(identity)
      }
    },
    known: () =>
      [...remembered.values()].flatMap((one) => {
        const { serena, goneAtMs, living, project, serenaHome, tree } = one
        const [first] = living
        if (goneAtMs === null || !first || now() - goneAtMs < LEAVING_MS) return []
        const id = instanceId(`left:${serena.identity}`, serena.pid)
        const name = serverNameOf(first)
        return [{ id, serenaPid: serena.pid, project, serenaHome, tree, living, name, goneAtMs }]
      }),
  }
}

/** Null: absence proves nothing while the list is not whole. */
function isGone(
  { pid, identity }: { pid: number; identity: ProcessIdentity },
  { byPid, isComplete }: ProcessTable,
): boolean | null {
  const process = byPid.get(pid)
  if (process?.identity === identity) return process.runState === 'Z' || process.runState === 'X'
  return isComplete ? true : null
}

const oldestFirst = (a: ProcessFact, b: ProcessFact): number => a.startedAtMs - b.startedAtMs || a.pid - b.pid
