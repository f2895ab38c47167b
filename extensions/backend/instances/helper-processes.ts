// Which processes are programs of Serena without being an instance: the project server, an index run, hooks, viewers, the tray
// manager and the short commands. They are listed apart from the instances, and nothing of this program ends them. Pure.
import type { HelperKind } from '#contract/helper-process'
import { memoize } from '../lib/memoize.ts'
import { ancestorsOf } from '../os/ancestors.ts'
import { isDefunct } from '../os/defunct.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { serenaInvocation } from '../serena/command-line.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { treeOf } from '../serena/serena-process.ts'
import { isTrayManager } from '../serena/tray-manager.ts'

/** A helper and all processes below it, itself first. */
export interface FoundHelper {
  process: ProcessFact
  kind: HelperKind
  title: string
  tree: readonly ProcessFact[]
}

type Named = Pick<FoundHelper, 'kind' | 'title'>

/** Subcommands that have subcommands of their own. */
const GROUPS: readonly string[] = ['project', 'mode', 'context', 'config', 'tools', 'prompts', 'memories']
const INDEXING: readonly string[] = ['index', 'index-file', 'health-check']
const MAX_NAME = 60

/** Returns every helper that is in no instance's tree; one below another belongs to that one. */
export function findHelpers(table: ProcessTable, serenas: readonly SerenaProcess[]): FoundHelper[] {
  const ofInstances = new Set(serenas.flatMap((serena) => treeOf(serena).map(({ pid }) => pid)))
  const named = new Map<number, Named>()
  for (const process of table.byPid.values()) {
    const { pid, argv } = process
    if (argv === null || argv.length === 0 || isDefunct(process) || ofInstances.has(pid)) continue
    const name = nameOf(argv)
    if (name) named.set(pid, name)
  }
  if (named.size === 0) return []
  const trees = new Map<number, ProcessFact[]>([...named.keys()].map((pid) => [pid, []]))
  for (const process of table.byPid.values()) {
    const top = topmost(process, table, named)
    if (top !== null && !ofInstances.has(process.pid)) trees.get(top)?.push(process)
  }
  return [...named].flatMap(([pid, name]) => {
    const process = table.byPid.get(pid)
    const tree = trees.get(pid) ?? []
    return process && tree.includes(process) ? [{ process, ...name, tree }] : []
  })
}

/** The outermost helper at or above a process; null: none. */
function topmost(
  process: ProcessFact,
  table: ProcessTable,
  named: ReadonlyMap<number, Named>,
): number | null {
  const chain = [process, ...ancestorsOf(process.pid, table)]
  return chain.findLast(({ pid }) => named.has(pid))?.pid ?? null
}

/** Memoized: every list repeats the command lines of the previous one. */
const nameOf = memoize((argv: readonly string[]): Named | null => {
  if (isTrayManager({ argv })) return { kind: 'tray-manager', title: 'Tray manager' }
  const invoked = serenaInvocation(argv)
  if (!invoked || invoked.program === 'server') return null
  const [command = '', subcommand = '', ...rest] = invoked.words
  if (invoked.program === 'hooks')
    return { kind: 'hook', title: command === '' ? 'Hook' : `Hook ${cut(command)}` }
  if (command === 'start-mcp-server') return null
  if (command === 'start-project-server') return { kind: 'project-server', title: 'Project server' }
  if (command === 'dashboard-viewer') return { kind: 'dashboard-viewer', title: 'Dashboard viewer' }
  if (command === 'project' && (INDEXING.includes(subcommand) || rest.includes('--index')))
    return { kind: 'indexing', title: indexTitle(subcommand, rest) }
  const words = GROUPS.includes(command) ? [command, subcommand] : [command]
  return { kind: 'command', title: cut(['serena', ...words].filter((word) => word !== '').join(' ')) }
})

function indexTitle(subcommand: string, rest: readonly string[]): string {
  const verb = subcommand === 'health-check' ? 'Health check of' : 'Indexing'
  const [project = ''] = rest
  const name = project.startsWith('-') ? '' : (project.split(/[\\/]/).findLast((part) => part !== '') ?? '')
  return `${verb} ${name === '' || name === '.' ? 'the project in its folder' : cut(name)}`
}

const cut = (text: string): string => (text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text)
