// All processes -> the Serenas among them, each with the processes around it. Pure.

import { isDeepStrictEqual } from 'node:util'
import { ancestorsOf } from '../os/ancestors.ts'
import type { ConnectionHints } from '../os/connection-facts.ts'
import { isDefunct } from '../os/defunct.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { isReaper } from '../os/reaper.ts'
import { type ParsedCommand, parseSerenaCommand, parseUnusualCommand } from './command-line.ts'
import type { SerenaProcess } from './serena-process.ts'
import { isTrayManager } from './tray-manager.ts'

type Matches = ReadonlyMap<number, ParsedCommand>
type Children = ReadonlyMap<number, readonly ProcessFact[]>

const NO_HINTS: ConnectionHints = new Map()

/**
 * Returns every instance: the deepest match reached from the outermost through launchers only. No process is in two trees.
 * `connections`: the known launchers of each connection and the process at its other end; without it launchers are known by their names
 * only.
 */
export function findSerenas(table: ProcessTable, connections: ConnectionHints = NO_HINTS): SerenaProcess[] {
  const children = childrenOf(table)
  const matches = matchesIn(table)
  const instances = [...matches.keys()]
    .map((pid) => table.byPid.get(pid))
    .filter((process) => process !== undefined)
    .filter((process) => isInstance(process, table, matches, children))
  const wrappers = new Map(
    instances.map((one) => [one.pid, wrappersOf(one, table, matches, children, connections)]),
  )
  const taken = new Set([...instances, ...[...wrappers.values()].flat()].map(({ pid }) => pid))
  return instances.flatMap((process) => {
    const parsed = matches.get(process.pid)
    if (!parsed) return []
    const seen = seenClient(process, table, matches, connections)
    return {
      process,
      command: parsed.command,
      wrappers: wrappers.get(process.pid) ?? [],
      descendants: descendantsOf(process.pid, children, taken),
      client: seen ?? presumedClient(process, table, matches, connections),
      isClientSeen: seen !== null,
      reaper: reaperOf(process, table),
      isLauncherOnly: parsed.role === 'launcher',
      remote: remoteOf(process, table, matches),
    }
  })
}

/** The bridge to another place that it is, or the nearest one above it. */
function remoteOf(
  process: ProcessFact,
  table: ProcessTable,
  matches: Matches,
): NonNullable<SerenaProcess['remote']> | null {
  for (const one of [process, ...ancestorsOf(process.pid, table)]) {
    const bridge = matches.get(one.pid)?.remote
    if (bridge) return { bridge, process: one }
  }
  return null
}

function childrenOf(table: ProcessTable): Children {
  const children = new Map<number, ProcessFact[]>()
  for (const process of table.byPid.values()) {
    // The console window of a Windows program is listed as its child.
    if (process.name.toLowerCase() === 'conhost.exe') continue
    const siblings = children.get(process.ppid)
    if (siblings) siblings.push(process)
    else children.set(process.ppid, [process])
  }
  return children
}

function matchesIn(table: ProcessTable): Matches {
  const matches = new Map<number, ParsedCommand>()
  for (const fact of table.byPid.values()) {
    const hasExited = isDefunct(fact)
    const parsed = hasExited ? null : matchOf(fact)
    if (parsed) matches.set(fact.pid, parsed)
  }
  return withForerunners(table, withTrampolines(table, matches))
}

/** A process with an open Serena log is a Serena, regardless of its command line. */
function matchOf({ argv, serenaLog }: ProcessFact): ParsedCommand | null {
  const parsed = argv && parseSerenaCommand(argv)
  if (serenaLog === undefined || parsed?.role === 'serena') return parsed
  return { role: 'serena', command: parsed?.command ?? parseUnusualCommand(argv ?? []) }
}

/** Of two with the same words the one that writes the log is the Serena, and the one above it (a debugger, a reloader) starts it. */
function withForerunners(table: ProcessTable, matches: Matches): Matches {
  const found = new Map(matches)
  for (const { pid, serenaLog } of table.byPid.values()) {
    if (serenaLog === undefined) continue
    const command = matches.get(pid)?.command
    for (const above of ancestorsOf(pid, table)) {
      const match = matches.get(above.pid)
      if (!match || above.serenaLog !== undefined || !isDeepStrictEqual(match.command, command)) break
      found.set(above.pid, { ...match, role: 'launcher' })
    }
  }
  return found
}

/**
 * Windows has no exec: `serena.exe` and the `python.exe` of a venv start the real program with their own arguments and wait.
 * They are launchers. (Elsewhere such a child is a fork on its way to an exec, and belongs to its parent's tree.)
 */
function withTrampolines(table: ProcessTable, matches: Matches): Matches {
  const found = new Map(matches)
  for (const [pid, { role, command }] of matches) {
    const parentPid = table.byPid.get(pid)?.ppid ?? 0
    const parent = matches.get(parentPid)
    const isExe = /\.exe$/i.test(table.byPid.get(parentPid)?.name ?? '')
    if (role === 'serena' && isExe && parent && isDeepStrictEqual(parent.command, command))
      found.set(parentPid, { ...parent, role: 'launcher' })
  }
  return found
}

function isInstance(
  process: ProcessFact,
  table: ProcessTable,
  matches: Matches,
  children: Children,
): boolean {
  if (process.serenaLog !== undefined) return true
  if (matches.get(process.pid)?.role === 'launcher') return !hasMatchBelow(process.pid, matches, children)
  // A match below an instance is of its tree (2.1.0 forks before it execs), unless a client of its own is between.
  const above = ancestorsOf(process.pid, table).find(({ pid }) => matches.get(pid)?.role !== 'launcher')
  return above === undefined || !matches.has(above.pid)
}

function hasMatchBelow(pid: number, matches: Matches, children: Children): boolean {
  return descendantsOf(pid, children, new Set()).some((process) => matches.has(process.pid))
}

type IsLauncher = (ancestor: ProcessFact) => boolean

/** By its name and arguments, or because it has the very same connection as the instance below it. */
const isLauncherOf =
  ({ identity }: ProcessFact, matches: Matches, connections: ConnectionHints): IsLauncher =>
  (ancestor) =>
    matches.get(ancestor.pid)?.role === 'launcher' ||
    (connections.get(identity)?.launchers.has(ancestor.identity) ?? false)

/** The launchers right above an instance, as far as each has no other child; outermost first. */
function wrappersOf(
  process: ProcessFact,
  table: ProcessTable,
  matches: Matches,
  children: Children,
  connections: ConnectionHints,
): readonly ProcessFact[] {
  const isLauncher = isLauncherOf(process, matches, connections)
  const wrappers: ProcessFact[] = []
  for (const ancestor of ancestorsOf(process.pid, table)) {
    if (!isLauncher(ancestor) || (children.get(ancestor.pid)?.length ?? 0) !== 1) break
    wrappers.unshift(ancestor)
  }
  return wrappers
}

/**
 * The process at the other end of the connection; null: none is visible, or it has exited. A process that only relays it, as our `wrap`, is
 * replaced by the client above it.
 */
function seenClient(
  process: ProcessFact,
  table: ProcessTable,
  matches: Matches,
  connections: ConnectionHints,
): ProcessFact | null {
  const wanted = connections.get(process.identity)?.client ?? null
  const client = wanted === null ? undefined : table.byPid.get(Number(wanted.split(':').at(-2)))
  if (client?.identity !== wanted || client.runState === 'Z') return null
  return matches.get(client.pid)?.role === 'launcher'
    ? presumedClient(process, table, matches, connections)
    : client
}

/** The first ancestor that is not a launcher; null where the chain ends in init or a user's service manager. */
function presumedClient(
  process: ProcessFact,
  table: ProcessTable,
  matches: Matches,
  connections: ConnectionHints,
): ProcessFact | null {
  const isLauncher = isLauncherOf(process, matches, connections)
  const above = ancestorsOf(process.pid, table).find(
    (ancestor) => !matches.has(ancestor.pid) && !isLauncher(ancestor),
  )
  return above === undefined || isReaper(above) ? null : above
}

/** The parent, if it adopts orphans; pid 1 may be hidden. */
function reaperOf({ ppid }: ProcessFact, { byPid }: ProcessTable): { pid: number; name: string } | null {
  if (ppid <= 1) return { pid: ppid, name: 'init' }
  const parent = byPid.get(ppid)
  return parent && isReaper(parent) ? { pid: parent.pid, name: parent.name } : null
}

/** All descendants but those in `taken` with their own, and never Serena's tray manager: it serves all instances. */
function descendantsOf(pid: number, children: Children, taken: ReadonlySet<number>): ProcessFact[] {
  const found: ProcessFact[] = []
  const passed = new Set([pid])
  const waiting = [...(children.get(pid) ?? [])]
  for (let child = waiting.shift(); child; child = waiting.shift()) {
    if (passed.has(child.pid) || taken.has(child.pid) || isTrayManager(child)) continue
    passed.add(child.pid)
    found.push(child)
    waiting.push(...(children.get(child.pid) ?? []))
  }
  return found
}
