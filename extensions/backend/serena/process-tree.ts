// The processes of an instance: its launchers, itself, its descendants, and the sessions that those lead. Pure.
import { ancestorsOf } from '../os/ancestors.ts'
import { isDefunct } from '../os/defunct.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { ownServiceOf } from './own-service.ts'
import { isOwnedRole, type ProcessRole, roleBelow, roleInSession } from './process-role.ts'
import type { SerenaProcess } from './serena-process.ts'
import { isTrayManager } from './tray-manager.ts'

/** Processes that are never ended: this one, its ancestors, and those of other users. */
export interface Limits {
  ownPid: number
  /** Null: this platform has no user ids. */
  ownUid: number | null
}

/** What is known of a tree; it only grows, so that no process is forgotten whose parent exited meanwhile. */
export interface Tree {
  /** Null: it has exited, these are its leftovers. */
  readonly serena: ProcessIdentity | null
  /** Outermost first. */
  readonly wrappers: readonly ProcessIdentity[]
  /** Serena (or its leftovers) and every process ever seen below it. */
  readonly known: ReadonlyMap<ProcessIdentity, ProcessFact>
  /** Sessions that a process of the tree leads or led, by their number: the leader. */
  readonly sessions: ReadonlyMap<number, ProcessIdentity>
  /** The role of each process. Those of the roots are given, all others follow from them. */
  readonly roles: ReadonlyMap<ProcessIdentity, ProcessRole>
  /** The processes that the tree was built from: their roles never change. */
  readonly roots: ReadonlySet<ProcessIdentity>
  /** The user chose to end their own programs below it as well. */
  readonly includesPersons?: boolean
  /** Below launchers: which process is the Serena. */
  readonly isSerena?: (fact: ProcessFact) => boolean
}

export interface Members {
  tree: Tree
  /** Processes of the tree that are running (not defunct) and end with it, launchers first, then Serena. */
  living: readonly ProcessFact[]
  /** Running processes of the tree that are the user's own: they are left running. */
  others: readonly ProcessFact[]
}

/** Returns the tree of a Serena as the sweep found it. */
export function treeFrom({ process, wrappers, descendants }: SerenaProcess): Tree {
  return {
    serena: process.identity,
    wrappers: wrappers.map(({ identity }) => identity),
    known: new Map([process, ...descendants].map((fact) => [fact.identity, fact])),
    sessions: new Map(),
    roles: new Map([[process.identity, 'serena']]),
    roots: new Set([process.identity]),
  }
}

/** Returns the tree of processes that no longer have a Serena above them; default: what a Serena left behind. */
export const treeOfRoots = (roots: readonly ProcessFact[], role: ProcessRole = 'server'): Tree => ({
  serena: null,
  wrappers: [],
  known: new Map(roots.map((fact) => [fact.identity, fact])),
  sessions: new Map(),
  roles: new Map(roots.map(({ identity }) => [identity, role])),
  roots: new Set(roots.map(({ identity }) => identity)),
})

/** Returns the same tree with these roots as well. */
export const withRoots = (tree: Tree, roots: readonly ProcessFact[]): Tree => {
  const added = treeOfRoots(roots)
  return {
    ...tree,
    known: new Map([...tree.known, ...added.known]),
    roles: new Map([...tree.roles, ...added.roles]),
    roots: new Set([...tree.roots, ...added.roots]),
  }
}

/** Returns the tree without exited processes: no identity comes back. Sessions stay for as long as they have members. */
export function withoutExited(tree: Tree, { byPid, isComplete }: ProcessTable): Tree {
  if (!isComplete) return tree
  const known = [...tree.known].filter(([identity, { pid }]) => byPid.get(pid)?.identity === identity)
  const living = new Set(known.map(([identity]) => identity))
  const leaders = new Set(tree.sessions.values())
  return {
    ...tree,
    known: new Map(known),
    // The role of a leader that has exited still decides for the rest of its session.
    roles: new Map([...tree.roles].filter(([identity]) => living.has(identity) || leaders.has(identity))),
    roots: new Set([...tree.roots].filter((identity) => living.has(identity))),
  }
}

/** Returns whether a pid is the ancestor itself or below it. */
export const isBelow = (pid: number, ancestor: number, table: ProcessTable): boolean =>
  ancestor > 1 && (pid === ancestor || ancestorsOf(pid, table).some((one) => one.pid === ancestor))

/** Returns the identities of this process and of all its ancestors. */
export function ownChain(table: ProcessTable, ownPid: number): ReadonlySet<ProcessIdentity> {
  const own = table.byPid.get(ownPid)
  return new Set((own ? [own, ...ancestorsOf(ownPid, table)] : []).map(({ identity }) => identity))
}

/**
 * Returns the processes of other instances. A fork of this instance before its exec is none; the leftovers of a Serena
 * have no such forks.
 */
export function otherTrees(
  serenas: readonly SerenaProcess[],
  { serena, known }: Pick<Tree, 'serena' | 'known'>,
): ReadonlySet<ProcessIdentity> {
  const others = serenas.filter(({ process }) => serena === null || !known.has(process.identity))
  return new Set(
    others.flatMap(({ process, wrappers, descendants }) =>
      [process, ...wrappers, ...descendants].map(({ identity }) => identity),
    ),
  )
}

/** Returns why a process must not be signaled; null: it may be. */
export function protectionOf(
  fact: ProcessFact,
  { ownPid, ownUid }: Limits,
  chain: ReadonlySet<ProcessIdentity>,
): string | null {
  if (fact.pid <= 1) return 'It is the first process of the machine.'
  if (fact.pid === ownPid || chain.has(fact.identity))
    return 'It is Serena Deck itself or one of its parent processes.'
  if (ownUid !== null && fact.uid !== ownUid) return 'It belongs to another user.'
  const service = ownServiceOf(fact)
  if (service === 'hub') return 'It is the hub of Serena Deck, which serves all its clients.'
  if (service === 'connect') return 'It connects a client to the hub of Serena Deck.'
  return isTrayManager(fact) ? "It is Serena's tray manager, which serves all instances." : null
}

/** Returns the tree in this table: grown by new processes, and which of it are running. `isProtected`: never taken, nor what is below. */
export function growTree(
  before: Tree,
  table: ProcessTable,
  isProtected: (fact: ProcessFact) => boolean,
): Members {
  const known = new Map(before.known)
  const sessions = new Map(before.sessions)
  const processes = [...table.byPid.values()].filter((fact) => !isProtected(fact))
  const isOfSession = ({ sid }: ProcessFact): boolean => {
    const leader = sid === null ? undefined : sessions.get(sid)
    if (sid === null || leader === undefined) return false
    // The number may now belong to another process, which would lead that session itself.
    const present = table.byPid.get(sid)
    return present === undefined || present.identity === leader
  }
  const isOfTree = (fact: ProcessFact): boolean => {
    const parent = table.byPid.get(fact.ppid)
    return (
      known.has(fact.identity) || (parent !== undefined && known.has(parent.identity)) || isOfSession(fact)
    )
  }
  forgetEmptySessions(sessions, known, table)
  for (let hasGrown = true; hasGrown; ) {
    hasGrown = false
    for (const fact of processes) {
      if (before.wrappers.includes(fact.identity) || !isOfTree(fact)) continue
      if (!known.has(fact.identity)) {
        known.set(fact.identity, fact)
        hasGrown = true
      }
      if (fact.sid === fact.pid && !sessions.has(fact.pid)) {
        sessions.set(fact.pid, fact.identity)
        hasGrown = true
      }
    }
  }
  const roles = rolesIn({ ...before, known, sessions }, table)
  const isEnded = ({ identity }: ProcessFact): boolean =>
    before.includesPersons === true || isOwnedRole(roles.get(identity) ?? 'person')
  const below = processes.filter(({ identity }) => known.has(identity) && !before.wrappers.includes(identity))
  const wrappers = before.wrappers.flatMap((identity) => {
    const fact = processes.find((one) => one.identity === identity)
    return fact && isOnlyOurs(fact, table, known, before.wrappers) ? [fact] : []
  })
  return {
    tree: { ...before, known, sessions, roles },
    living: [...wrappers, ...below.filter(isEnded)].filter(isRunning),
    others: below.filter((fact) => !isEnded(fact) && isRunning(fact)),
  }
}

/** The current role of each process: by its parent; if that has exited, by its earlier role or the leader of its session. */
function rolesIn(
  { known, sessions, roles: before, roots, isSerena }: Tree,
  { byPid }: ProcessTable,
): ReadonlyMap<ProcessIdentity, ProcessRole> {
  const roles = new Map(before)
  const settled = new Set<ProcessIdentity>(roots)
  const settle = (identity: ProcessIdentity): ProcessRole => {
    const was = before.get(identity)
    const fact = presentOf(known.get(identity), byPid)
    if (settled.has(identity) || fact === undefined) return roles.get(identity) ?? was ?? 'person'
    settled.add(identity)
    const parent = byPid.get(fact.ppid)
    const role =
      parent !== undefined && known.has(parent.identity)
        ? roleBelow({ fact: parent, role: settle(parent.identity) }, fact, isSerena)
        : roleWithoutParent(fact, was)
    roles.set(identity, role)
    return role
  }
  const roleWithoutParent = (fact: ProcessFact, was: ProcessRole | undefined): ProcessRole => {
    const leader = fact.sid === null ? undefined : sessions.get(fact.sid)
    const inSession = roleInSession(leader === undefined ? null : settle(leader), fact)
    // A fork that lost its parent may have become anything since.
    return was === undefined || was === 'serena' ? inSession : was
  }
  for (const identity of known.keys()) settle(identity)
  return roles
}

const presentOf = (fact: ProcessFact | undefined, byPid: ProcessTable['byPid']): ProcessFact | undefined => {
  const present = fact && byPid.get(fact.pid)
  return present?.identity === fact?.identity ? present : undefined
}

/** The number of a session whose leader and members have all exited may be reused: it is no longer valid. */
function forgetEmptySessions(
  sessions: Map<number, ProcessIdentity>,
  known: ReadonlyMap<ProcessIdentity, ProcessFact>,
  { byPid, isComplete }: ProcessTable,
): void {
  if (!isComplete) return
  const inUse = new Set(
    [...byPid.values()].filter(({ identity }) => known.has(identity)).map(({ sid }) => sid),
  )
  for (const [sid, leader] of sessions)
    if (!inUse.has(sid) && byPid.get(sid)?.identity !== leader) sessions.delete(sid)
}

/** A launcher that went on to something else (`sh -c 'serena …; other'`) is no longer a launcher. */
function isOnlyOurs(
  wrapper: ProcessFact,
  { byPid }: ProcessTable,
  known: ReadonlyMap<ProcessIdentity, ProcessFact>,
  wrappers: readonly ProcessIdentity[],
): boolean {
  return [...byPid.values()].every(
    ({ ppid, identity }) => ppid !== wrapper.pid || known.has(identity) || wrappers.includes(identity),
  )
}

const isRunning = (fact: ProcessFact): boolean => !isDefunct(fact)
