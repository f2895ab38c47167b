// Values -> text of TOML. Pure.
import { isFields } from '../../lib/fields.ts'

type Path = readonly (string | number)[]

const BARE = /^[A-Za-z0-9_-]+$/

/** JSON escapes like a basic string of TOML, apart from the last control character. */
export const tomlString = (text: string): string => JSON.stringify(text).replaceAll('\x7f', '\\u007f')

export const tomlKey = (key: string): string => (BARE.test(key) ? key : tomlString(key))

/** The dotted name of a table; the places of lists are not written. */
export const tomlName = (path: Path): string =>
  path
    .filter((key) => typeof key === 'string')
    .map(tomlKey)
    .join('.')

/** A value on one line. Throws on a value that TOML does not have. */
export function tomlValue(value: unknown): string {
  if (typeof value === 'string') return tomlString(value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return tomlNumber(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`
  if (!isFields(value)) throw new TypeError('TOML has no such value')
  const pairs = Object.entries(value).map(([key, one]) => tomlPair(key, one))
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

const tomlNumber = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? String(value).replace('e+', 'e') : value > 0 ? 'inf' : '-inf'
}

export const tomlPair = (key: string, value: unknown): string => `${tomlKey(key)} = ${tomlValue(value)}`

/** A table with its sub-tables, as lines. `list`: an element of an array of tables. */
export function tomlTable(path: Path, value: Readonly<Record<string, unknown>>, isElement = false): string[] {
  const entries = Object.entries(value)
  const tables = entries.filter((entry): entry is [string, Record<string, unknown>] => isTable(entry[1]))
  const pairs = entries.filter(([, one]) => !isTable(one)).map(([key, one]) => tomlPair(key, one))
  const name = tomlName(path)
  const hasHeader = isElement || pairs.length > 0 || tables.length === 0
  const own = hasHeader ? [isElement ? `[[${name}]]` : `[${name}]`, ...pairs] : []
  const nested = tables.map(([key, one]) => tomlTable([...path, key], one))
  return [own, ...nested].filter((lines) => lines.length > 0).reduce((all, lines) => [...all, '', ...lines])
}

const isTable = (value: unknown): boolean =>
  isFields(value) && !(value instanceof Date) && Object.keys(value).length > 0
