// The processes of an instance: its launchers, itself, its descendants, and the sessions that those lead. Pure.
import type { ProcessFact, ProcessIdentity, ProcessTable, SerenaProcess } from '../facts.ts'
import { isOwnedRole, type ProcessRole, roleBelow, roleInSession } from './process-role.ts'

/** Who is never ended, whatever else is said of him. */
export interface Limits {
  ownPid: number
  /** Null: this platform has no user ids. */
  ownUid: number | null
}

/** What is known of a tree; it only grows, so that nobody is forgotten who lost his parent meanwhile. */
export interface Tree {
  /** Null: it is gone, this is what it left behind. */
  readonly serena: ProcessIdentity | null
  /** Outermost first. */
  readonly wrappers: readonly ProcessIdentity[]
  /** Serena (or what it left behind) and everybody below it, ever seen. */
  readonly known: ReadonlyMap<ProcessIdentity, ProcessFact>
  /** Sessions that somebody of the tree leads or led, by their number: the leader. */
  readonly sessions: ReadonlyMap<number, ProcessIdentity>
  /** Whose each is. Those of the roots are given, all others follow from them. */
  readonly roles: ReadonlyMap<ProcessIdentity, ProcessRole>
  /** The processes that the tree was drawn from: the role of these never changes. */
  readonly roots: ReadonlySet<ProcessIdentity>
  /** The person chose to end what is theirs below it as well. */
  readonly includesPersons?: boolean
  /** Below launchers: which process is the Serena. */
  readonly isSerena?: (fact: ProcessFact) => boolean
}

export interface Members {
  tree: Tree
  /** Those of the tree that live now (a defunct one does not) and end with it, launchers first, then Serena. */
  living: readonly ProcessFact[]
  /** Those that live now and are the person's: they are left running. */
  others: readonly ProcessFact[]
}

/** The tree of a Serena as the sweep found it. */
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

/** The tree of processes that have no Serena above them any more; default: what a Serena left behind. */
export const treeOfRoots = (roots: readonly ProcessFact[], role: ProcessRole = 'server'): Tree => ({
  serena: null,
  wrappers: [],
  known: new Map(roots.map((fact) => [fact.identity, fact])),
  sessions: new Map(),
  roles: new Map(roots.map(({ identity }) => [identity, role])),
  roots: new Set(roots.map(({ identity }) => identity)),
})

/** The same tree with these as well. */
export const withRoots = (tree: Tree, roots: readonly ProcessFact[]): Tree => {
  const added = treeOfRoots(roots)
  return {
    ...tree,
    known: new Map([...tree.known, ...added.known]),
    roles: new Map([...tree.roles, ...added.roles]),
    roots: new Set([...tree.roots, ...added.roots]),
  }
}

/** Without those who are gone: nobody comes back under the same identity. Sessions stay for as long as somebody is in them. */
export function withoutGone(tree: Tree, { byPid, isComplete }: ProcessTable): Tree {
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

/** True for the ancestor itself and for everybody below it. */
export function isBelow(pid: number, ancestor: number, { byPid }: ProcessTable): boolean {
  const passed = new Set<number>()
  for (let at = pid; at > 1 && !passed.has(at); at = byPid.get(at)?.ppid ?? 0) {
    if (at === ancestor) return true
    passed.add(at)
  }
  return false
}

/** The identities of ourselves and of all above us. */
export function ownChain({ byPid }: ProcessTable, ownPid: number): ReadonlySet<ProcessIdentity> {
  const chain = new Set<ProcessIdentity>()
  for (let at = byPid.get(ownPid); at && !chain.has(at.identity); at = byPid.get(at.ppid))
    chain.add(at.identity)
  return chain
}

/** Serena's tray manager serves all instances, whichever of them started it. */
export const isTrayManager = ({ argv }: Pick<ProcessFact, 'argv'>): boolean =>
  argv?.some((word) => word.includes('SerenaDashboardTrayManager')) ?? false

/**
 * Everybody who belongs to other instances. A fork of ours that is not what it will be yet is none; what a Serena left behind
 * has no such forks.
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

/** Why a process may not be signalled; null: it may. */
export function barOf(
  fact: ProcessFact,
  { ownPid, ownUid }: Limits,
  chain: ReadonlySet<ProcessIdentity>,
): string | null {
  if (fact.pid <= 1) return 'It is the first process of the machine.'
  if (fact.pid === ownPid || chain.has(fact.identity)) return 'It is Serena Deck itself, or what runs it.'
  if (ownUid !== null && fact.uid !== ownUid) return 'It belongs to another user.'
  return isTrayManager(fact) ? "It is Serena's tray manager, which serves all instances." : null
}

/** The tree in this table: grown by whoever came, and who of it lives. `barred`: never taken, and not looked below. */
export function growTree(before: Tree, table: ProcessTable, barred: (fact: ProcessFact) => boolean): Members {
  const known = new Map(before.known)
  const sessions = new Map(before.sessions)
  const processes = [...table.byPid.values()].filter((fact) => !barred(fact))
  const isOfSession = ({ sid }: ProcessFact): boolean => {
    const leader = sid === null ? undefined : sessions.get(sid)
    if (sid === null || leader === undefined) return false
    // The number may be a stranger's by now: he would lead that session himself.
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
    living: [...wrappers, ...below.filter(isEnded)].filter(isLiving),
    others: below.filter((fact) => !isEnded(fact) && isLiving(fact)),
  }
}

/** Whose each of the tree is now: by its parent, and where that has exited, by what it was or by the leader of its session. */
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

/** A session whose leader and members are all gone may be given to a stranger: its number says nothing any more. */
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

/** A launcher that went on to something else (`sh -c 'serena …; other'`) is no launcher any more. */
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

const isLiving = ({ runState }: ProcessFact): boolean => runState !== 'Z' && runState !== 'X'
