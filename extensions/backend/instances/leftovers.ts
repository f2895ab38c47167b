// What Serenas leave behind: their language servers and viewers are remembered while their Serena is running, and shown when they outlive
// it. No process is taken by its name alone: it was seen below that Serena, as the same process, while that was running.

import type { Project } from '#contract/instance'
import { isDefunct } from '../os/defunct.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { instanceId } from '../serena/instance-id.ts'
import { serverNameOf } from '../serena/language-servers.ts'
import { leftKindOf } from '../serena/process-role.ts'
import {
  growTree,
  protectionOf,
  type Tree,
  treeOfRoots,
  withoutExited,
  withRoots,
} from '../serena/process-tree.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { treeOf } from '../serena/serena-process.ts'
import { isTrayManager } from '../serena/tray-manager.ts'
import type { LeftTreeFacts } from '../verdict/instance-facts.ts'

/** Processes that exit with their Serena (parent-death signal, end of input) do so within one or two seconds. */
export const LEAVING_MS = 10_000

/** The facts of a Serena in the last list. */
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
   * Takes a round. `shown`: the Serenas whose trees are remembered; `serenas`: all that are running, whose processes are never taken
   * for another tree; `seen`: what was known of one.
   */
  renew(
    found: { shown: readonly SerenaProcess[]; serenas: readonly SerenaProcess[]; table: ProcessTable },
    seen: (identity: ProcessIdentity) => LastSeen | null,
  ): void
  /** Trees that have outlived their Serena long enough to count as left behind. */
  known(): readonly LeftTree[]
}

interface Remembered extends LastSeen {
  serena: { pid: number; identity: ProcessIdentity }
  tree: Tree
  running: readonly ProcessFact[]
  /** Null: it is running. */
  exitedAtMs: number | null
}

/** Remembers between rounds; `now` is monotonic. Keeps no data of processes that have exited. */
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

  /** Adds new processes to the tree, and removes exited ones. `taken`: the processes of running Serenas, by identity. */
  function renewTree(one: Remembered, table: ProcessTable, taken: Taken): void {
    const isProtected = (fact: ProcessFact): boolean => {
      const owner = taken.get(fact.identity)
      return (
        (owner !== undefined && owner !== one.serena.identity) ||
        protectionOf(fact, { ownPid, ownUid }, new Set()) !== null
      )
    }
    const { tree, living } = growTree(one.tree, table, isProtected)
    one.tree = withoutExited(tree, table)
    if (table.isComplete) one.running = [...living].sort(oldestFirst)
  }

  function remember(serena: SerenaProcess, seen: LastSeen | null, taken: Taken, sessions: Sessions): void {
    const { pid, identity } = serena.process
    const roots = serena.descendants.filter(
      (child) => !isTrayManager(child) && leftKindOf(child, serena) !== null,
    )
    const before = remembered.get(identity)
    if (!before && roots.length === 0) return
    const one = before ?? nothingOf({ pid, identity })
    remembered.set(identity, one)
    if (seen) Object.assign(one, { ...seen, project: seen.project ?? one.project })
    one.exitedAtMs = null
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
        const isAway = living.has(identity) ? false : hasExited(one.serena, table)
        if (isAway === false) one.exitedAtMs = null
        if (!isAway) continue
        one.exitedAtMs ??= now()
        renewTree(one, table, taken)
        if (one.running.length === 0) remembered.delete(identity)
      }
    },
    known: () => [...remembered.values()].flatMap((one) => leftTreeOf(one, now()) ?? []),
  }
}

const nothingOf = (serena: Remembered['serena']): Remembered => ({
  serena,
  project: null,
  serenaHome: null,
  tree: treeOfRoots([]),
  running: [],
  exitedAtMs: null,
})

/** Null: its Serena is running, or exited a moment ago. */
function leftTreeOf(one: Remembered, nowMs: number): LeftTree | null {
  const { serena, exitedAtMs, running, project, serenaHome, tree } = one
  const [first] = running
  if (exitedAtMs === null || !first || nowMs - exitedAtMs < LEAVING_MS) return null
  const id = instanceId(`left:${serena.identity}`, serena.pid)
  const name = serverNameOf(first)
  return { id, serenaPid: serena.pid, project, serenaHome, tree, running, name, exitedAtMs }
}

type Taken = ReadonlyMap<ProcessIdentity, ProcessIdentity>

const takenBy = (serenas: readonly SerenaProcess[]): Taken =>
  new Map(
    serenas.flatMap((serena) =>
      treeOf(serena).map(({ identity }) => [identity, serena.process.identity] as const),
    ),
  )

interface Sessions {
  /** The part of the table that the tree of a running Serena can grow into; the whole table costs too much for each. */
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

/** Null: absence proves nothing while the list is incomplete. */
function hasExited(
  { pid, identity }: { pid: number; identity: ProcessIdentity },
  { byPid, isComplete }: ProcessTable,
): boolean | null {
  const process = byPid.get(pid)
  if (process?.identity === identity) return isDefunct(process)
  return isComplete ? true : null
}

const oldestFirst = (a: ProcessFact, b: ProcessFact): number => a.startedAtMs - b.startedAtMs || a.pid - b.pid
