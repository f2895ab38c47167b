// What Serenas leave behind: their language servers and viewers are remembered while they live, and shown when they outlive
// them. Nobody is ever taken by his name alone: he was seen below that Serena, as the same process, while it lived.
import type { Project } from '#contract/instance'
import type { LeftTreeFacts, ProcessFact, ProcessIdentity, ProcessTable, SerenaProcess } from '../../facts.ts'
import { serverNameOf } from '../../lib/language-servers.ts'
import { leftKindOf } from '../../lib/process-role.ts'
import {
  barOf,
  growTree,
  isTrayManager,
  type Tree,
  treeOfRoots,
  withoutGone,
  withRoots,
} from '../../lib/process-tree.ts'
import { instanceId } from './present.ts'
import { treeOf } from './usage.ts'

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

  /** Grows the tree by who came, and forgets who is gone. `taken`: the trees of living Serenas, by whose they are. */
  function renewTree(one: Remembered, table: ProcessTable, taken: Taken): void {
    const isBarred = (fact: ProcessFact): boolean => {
      const owner = taken.get(fact.identity)
      return (
        (owner !== undefined && owner !== one.serena.identity) ||
        barOf(fact, { ownPid, ownUid }, new Set()) !== null
      )
    }
    const { tree, living } = growTree(one.tree, table, isBarred)
    one.tree = withoutGone(tree, table)
    if (table.isComplete) one.living = [...living].sort(oldestFirst)
  }

  function remember(serena: SerenaProcess, seen: LastSeen | null, taken: Taken, sessions: Sessions): void {
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
    renewTree(one, sessions.around(one.tree, serena.descendants), taken)
  }

  return {
    renew({ shown, serenas, table }, seen) {
      const living = new Set(serenas.map(({ process }) => process.identity))
      const taken = takenBy(serenas)
      const sessions = sessionsOf(table)
      for (const serena of shown)
        if (!serena.isLauncherOnly) remember(serena, seen(serena.process.identity), taken, sessions)
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

type Taken = ReadonlyMap<ProcessIdentity, ProcessIdentity>

const takenBy = (serenas: readonly SerenaProcess[]): Taken =>
  new Map(
    serenas.flatMap((serena) =>
      treeOf(serena).map(({ identity }) => [identity, serena.process.identity] as const),
    ),
  )

interface Sessions {
  /** The part of the table that a living Serena's remembered tree can grow into; the whole one costs too much for each. */
  around(tree: Tree, descendants: readonly ProcessFact[]): ProcessTable
}

function sessionsOf({ byPid, isComplete }: ProcessTable): Sessions {
  const members = new Map<number, ProcessFact[]>()
  for (const fact of byPid.values()) {
    if (fact.sid === null) continue
    const session = members.get(fact.sid)
    if (session) session.push(fact)
    else members.set(fact.sid, [fact])
  }
  return {
    around({ known, sessions }, descendants) {
      const pids = [...[...known.values()].map(({ pid }) => pid), ...sessions.keys()]
      const facts = [
        ...descendants,
        ...pids.flatMap((pid) => byPid.get(pid) ?? []),
        ...[...sessions.keys()].flatMap((sid) => members.get(sid) ?? []),
      ]
      return { isComplete, byPid: new Map(facts.map((fact) => [fact.pid, fact])) }
    },
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
