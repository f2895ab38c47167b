// The servers of a client's configuration that start a Serena without the hub, and the same through `connect`. Pure.
import { parseSerenaCommand } from '../../serena/command-line.ts'
import type { ClientConfig } from './known-configs.ts'

/** What an entry starts. */
export interface EntryCommand {
  command: string
  args: readonly string[]
}

export interface ShareableEntry {
  /** The keys from the root of the file to the entry; the last one is its name. */
  path: readonly string[]
  before: EntryCommand
  after: EntryCommand
}

type Product = readonly [program: string, ...args: string[]]

/**
 * Returns the entries to change. `product`: the command of this copy; `project`: of lists by project only that of this folder counts.
 * An entry that is switched off, connects to a URL or has another shape is left alone.
 */
export function shareableEntries(
  value: unknown,
  { lists }: Pick<ClientConfig, 'lists'>,
  product: Product,
  project: string | null,
): ShareableEntry[] {
  return lists
    .flatMap((keys) => pathsTo(value, keys, project))
    .flatMap((path) => {
      const list = valueAt(value, path)
      return isRecord(list) ? Object.keys(list).map((name) => [...path, name]) : []
    })
    .flatMap((path) => {
      const before = commandOf(valueAt(value, path))
      const after = before && sharedCommand(before, product)
      return before && after ? [{ path, before, after }] : []
    })
}

/** Returns what an entry starts; null: it starts nothing, or has another shape. */
export function commandOf(entry: unknown): EntryCommand | null {
  if (!isRecord(entry) || entry['disabled'] === true || entry['enabled'] === false) return null
  const { command, args = [] } = entry
  const isPlain = Array.isArray(args) && args.every((word): word is string => typeof word === 'string')
  return typeof command === 'string' && isPlain ? { command, args } : null
}

/** Returns the same Serena through `connect`; null: it is none that the hub can run, or it is shared already. */
export function sharedCommand({ command, args }: EntryCommand, product: Product): EntryCommand | null {
  const argv = [command, ...args]
  const parsed = parseSerenaCommand(argv)
  if (!parsed || parsed.remote || parsed.command.transport !== 'stdio') return null
  const [program, ...words] = product
  const wrapAt = argv.findIndex((word, at) => word === 'wrap' && OURS.test(argv[at - 1] ?? ''))
  const rest = wrapAt < 0 ? ['--', ...argv] : argv.slice(wrapAt + 1)
  return { command: program, args: [...words, 'connect', ...rest] }
}

const OURS = /serena-deck|cli\.js$/

/** The paths of the lists that exist. */
function pathsTo(value: unknown, [key, ...rest]: readonly string[], project: string | null): string[][] {
  if (key === undefined) return [[]]
  if (!isRecord(value)) return []
  const name = key === '*' ? project : key
  if (name === null || !Object.hasOwn(value, name)) return []
  return pathsTo(value[name], rest, project).map((path) => [name, ...path])
}

/** Returns the value at that path; undefined: there is none. */
export const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((at: unknown, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), value)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
