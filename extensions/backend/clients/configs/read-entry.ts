// The value of a configuration -> its servers, in all shapes and spellings that clients use. Pure.

import { type Fields, isFields } from '../../lib/fields.ts'
import type { ServerList } from './config-client.ts'
import type { ConfigEntry, ConfigScope } from './config-entry.ts'
import { valueAt } from './plain-values.ts'

type Path = readonly (string | number)[]

/** A server as it is in a file. */
export interface FoundEntry {
  path: Path
  name: string
  value: Fields
  list: ServerList
  /** The project that its list is for. */
  project: string | null
  scope: ConfigScope | null
}

/** Returns the servers of all lists that start a program or connect to a URL. */
export function entriesIn(value: unknown, lists: readonly ServerList[]): FoundEntry[] {
  const usual = lists.filter(({ isFallback }) => !isFallback).flatMap((list) => entriesOf(value, list))
  if (usual.length > 0) return usual
  // A file with a list that is empty is not a bare map.
  const hasList = lists.some(({ keys, isFallback }) => !isFallback && valueAt(value, keys) !== undefined)
  return hasList ? [] : lists.filter(({ isFallback }) => isFallback).flatMap((list) => entriesOf(value, list))
}

function entriesOf(value: unknown, list: ServerList): FoundEntry[] {
  return pathsTo(value, list.keys).flatMap((path) => {
    const project = list.isByProject ? String(path[list.keys.indexOf('*')]) : null
    return namedIn(valueAt(value, path), list.single)
      .filter(({ value: one }) => isServer(one))
      .map(({ keys, name, value: one }) => ({
        path: [...path, ...keys],
        name,
        value: one,
        list,
        project,
        scope: list.scope ?? null,
      }))
  })
}

/** The paths of the lists that exist; `*` stands for every key. */
function pathsTo(value: unknown, [key, ...rest]: readonly string[]): string[][] {
  if (key === undefined) return [[]]
  if (!isFields(value)) return []
  const names = key === '*' ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : []
  return names.flatMap((name) => pathsTo(value[name], rest).map((path) => [name, ...path]))
}

interface Named {
  keys: Path
  name: string
  value: Fields
}

/** A list is a map by name, an array of entries with their names, or an array of maps with one name each. */
function namedIn(list: unknown, single: string | undefined): Named[] {
  if (single !== undefined) return isFields(list) ? [{ keys: [], name: single, value: list }] : []
  if (Array.isArray(list)) return list.flatMap((one: unknown, at) => namedElement(one, at))
  if (!isFields(list)) return []
  return Object.entries(list).flatMap(([name, value]) =>
    isFields(value) ? [{ keys: [name], name, value }] : [],
  )
}

function namedElement(element: unknown, at: number): Named[] {
  if (!isFields(element)) return []
  if (isServer(element)) {
    const { name } = element
    return [{ keys: [at], name: typeof name === 'string' ? name : `#${at + 1}`, value: element }]
  }
  return namedIn(element, undefined).map(({ keys, ...one }) => ({ ...one, keys: [at, ...keys] }))
}

const isServer = (value: Fields): boolean => {
  const fields = flatten(value)
  return commandOf(fields) !== null || urlOf(fields) !== null
}

/** Cline keeps command and URL below `transport`. */
const flatten = (value: Fields): Fields =>
  isFields(value['transport']) ? { ...value, ...value['transport'] } : value

/** What the entry says, in one form for all clients. */
export type EntryFacts = Pick<
  ConfigEntry,
  'transport' | 'command' | 'url' | 'env' | 'cwd' | 'enabled' | 'note'
> &
  Pick<ConfigEntry, 'type' | 'headers'>

export function factsOf(value: Fields): EntryFacts {
  const fields = flatten(value)
  const type = typeOf(value, fields)
  const command = commandOf(fields)
  const url = urlOf(fields)
  const isRemote = url !== null && (command === null || /http|sse|ws|remote/i.test(type ?? ''))
  const headers = textsOf(
    fields['headers'] ?? fields['http_headers'] ?? valueAt(fields, ['requestOptions', 'headers']),
  )
  const cwd = fields['cwd'] ?? fields['working_directory'] ?? fields['workingDirectory']
  return {
    transport: isRemote ? 'http' : 'stdio',
    command: isRemote ? null : command,
    url: isRemote ? url : null,
    env: envOf(fields),
    cwd: typeof cwd === 'string' ? cwd : null,
    ...switchOf(fields),
    ...(type === undefined ? {} : { type }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  }
}

/** `type`, or `transport` as one word. */
function typeOf(value: Fields, fields: Fields): string | undefined {
  if (typeof fields['type'] === 'string') return fields['type']
  return typeof value['transport'] === 'string' ? value['transport'] : undefined
}

/** The program and its arguments: one text and a list, one list of all words, or (old Zed) a map with `path`. */
function commandOf(fields: Fields): string[] | null {
  const command = fields['cmd'] ?? fields['command']
  if (isFields(command)) {
    const { path } = command
    return typeof path === 'string' ? [path, ...wordsOf(command['args'])] : null
  }
  const words = typeof first(command) === 'string' ? wordsOf(command) : []
  return words.length > 0 ? [...words, ...wordsOf(fields['args'])] : null
}

const first = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[])[0] : value)

const URL_KEYS = ['url', 'serverUrl', 'httpUrl', 'uri'] as const

function urlOf(fields: Fields): string | null {
  const url = URL_KEYS.map((key) => fields[key]).find((one) => typeof one === 'string')
  return typeof url === 'string' ? url : null
}

const isWord = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const wordsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isWord).map(String)

function envOf(fields: Fields): Record<string, string> {
  const env = fields['env'] ?? fields['environment'] ?? fields['envs'] ?? valueAt(fields, ['command', 'env'])
  if (!Array.isArray(env)) return textsOf(env)
  // `["NAME=value"]`
  return Object.fromEntries(
    env
      .filter((one: unknown): one is string => typeof one === 'string' && one.includes('='))
      .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  )
}

const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isFields(value) ? value : {}).flatMap(([key, one]) =>
      isWord(one) ? [[key, String(one)]] : [],
    ),
  )

function switchOf(fields: Fields): Pick<ConfigEntry, 'enabled' | 'note'> {
  if (fields['disabled'] === true) return { enabled: false, note: 'Its "disabled" is true.' }
  if (fields['enabled'] === false) return { enabled: false, note: 'Its "enabled" is false.' }
  if (fields['enabled'] === null) return { enabled: null, note: 'Its "enabled" is not set.' }
  return { enabled: true, note: null }
}
