// The value of a client's configuration -> the MCP servers that the client starts. Pure.
import type { ClientConfig } from './known-configs.ts'

export interface ServerEntry {
  name: string
  /** The program and its arguments. */
  argv: readonly string[]
}

/** Returns the entries of all lists of a configuration that start a program; not those that are switched off or connect to a URL. */
export const serverEntries = (value: unknown, { lists }: Pick<ClientConfig, 'lists'>): ServerEntry[] =>
  lists
    .flatMap((path) => valuesAt(value, path))
    .flatMap(listedEntries)
    .flatMap(([name, entry]) => toServerEntry(name, entry) ?? [])

function valuesAt(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined) return [value]
  if (!isRecord(value)) return []
  const next = key === '*' ? Object.values(value) : Object.hasOwn(value, key) ? [value[key]] : []
  return next.flatMap((one) => valuesAt(one, rest))
}

/** A list is a map by name, or an array of entries that carry their name. */
function listedEntries(list: unknown): [name: string, entry: unknown][] {
  if (Array.isArray(list))
    return list.map((entry: unknown) => [isRecord(entry) ? String(entry['name']) : '', entry])
  return isRecord(list) ? Object.entries(list) : []
}

/** `command` is the program, or program and arguments; Goose calls it `cmd`, Cline keeps it below `transport`. */
function toServerEntry(name: string, entry: unknown): ServerEntry | null {
  if (!isRecord(entry) || entry['disabled'] === true || entry['enabled'] === false) return null
  const { command = entry['cmd'], args } = isRecord(entry['transport']) ? entry['transport'] : entry
  const argv = [command, args].flat().filter((word) => typeof word === 'string')
  return argv.length > 0 ? { name, argv } : null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
