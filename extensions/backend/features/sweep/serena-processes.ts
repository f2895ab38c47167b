// All processes -> the Serenas among them, each with the processes around it. Pure.
import { isDeepStrictEqual } from 'node:util'
import type { ProcessFact, ProcessTable, SerenaProcess } from '../../facts.ts'
import { type ParsedCommand, parseSerenaCommand } from './command-line.ts'

type Matches = ReadonlyMap<number, ParsedCommand>
type Children = ReadonlyMap<number, readonly ProcessFact[]>

/** Every instance: the deepest match reached from the outermost through launchers only. No process is in two trees. */
export function findSerenas(table: ProcessTable): SerenaProcess[] {
  const children = childrenOf(table)
  const matches = matchesIn(table)
  const instances = [...matches.keys()]
    .map((pid) => table.byPid.get(pid))
    .filter((process) => process !== undefined)
    .filter((process) => isInstance(process, table, matches, children))
  const wrappers = new Map(instances.map(({ pid }) => [pid, wrappersOf(pid, table, matches, children)]))
  const taken = new Set([...instances, ...[...wrappers.values()].flat()].map(({ pid }) => pid))
  return instances.flatMap((process) => {
    const parsed = matches.get(process.pid)
    if (!parsed) return []
    return {
      process,
      command: parsed.command,
      wrappers: wrappers.get(process.pid) ?? [],
      descendants: descendantsOf(process.pid, children, taken),
      client: clientOf(process.pid, table, matches),
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
  for (const { pid, argv, runState } of table.byPid.values()) {
    const isGone = runState === 'Z' || runState === 'X'
    const parsed = argv && !isGone ? parseSerenaCommand(argv) : null
    if (parsed) matches.set(pid, parsed)
  }
  return withTrampolines(table, matches)
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
  if (matches.get(process.pid)?.role === 'launcher') return !hasMatchBelow(process.pid, matches, children)
  // A match below an instance is of its tree (2.1.0 forks before it execs), unless a client of its own stands between.
  const above = ancestorsOf(process.pid, table).find(({ pid }) => matches.get(pid)?.role !== 'launcher')
  return above === undefined || !matches.has(above.pid)
}

function hasMatchBelow(pid: number, matches: Matches, children: Children): boolean {
  return descendantsOf(pid, children, new Set()).some((process) => matches.has(process.pid))
}

/** The launchers right above an instance, as far as each has no other child; outermost first. */
function wrappersOf(
  pid: number,
  table: ProcessTable,
  matches: Matches,
  children: Children,
): readonly ProcessFact[] {
  const wrappers: ProcessFact[] = []
  for (const ancestor of ancestorsOf(pid, table)) {
    const isOurs =
      matches.get(ancestor.pid)?.role === 'launcher' && (children.get(ancestor.pid)?.length ?? 0) === 1
    if (!isOurs) break
    wrappers.unshift(ancestor)
  }
  return wrappers
}

/** The first ancestor that is no launcher; null where the chain ends in init or a user's service manager. */
function clientOf(pid: number, table: ProcessTable, matches: Matches): ProcessFact | null {
  const above = ancestorsOf(pid, table).find((ancestor) => !matches.has(ancestor.pid))
  return above === undefined || isReaper(above) ? null : above
}

/** Adopts orphans: init, `systemd --user`, the relay and init of WSL. */
export function isReaper({ pid, name, argv }: ProcessFact): boolean {
  if (pid <= 1) return true
  if (name === 'systemd') return argv?.includes('--user') ?? false
  return name === 'init' || /^Relay\(/.test(name)
}

/** From the parent upwards; ends at a gap or a circle. */
function ancestorsOf(pid: number, table: ProcessTable): ProcessFact[] {
  const ancestors: ProcessFact[] = []
  const passed = new Set([pid])
  let current = table.byPid.get(pid)
  while (current) {
    const parent = table.byPid.get(current.ppid)
    if (!parent || passed.has(parent.pid)) break
    passed.add(parent.pid)
    ancestors.push(parent)
    current = parent
  }
  return ancestors
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

const isTrayManager = ({ argv }: ProcessFact): boolean =>
  argv?.some((word) => word.includes('SerenaDashboardTrayManager')) ?? false
