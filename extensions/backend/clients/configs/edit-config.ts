// Changes what single entries of a client's configuration start, and keeps every other byte, comments included. Pure.
import { isDeepStrictEqual } from 'node:util'
import { applyEdits, modify } from 'jsonc-parser'
import { type AST, parseTOML } from 'toml-eslint-parser'
import { AppError } from '#contract/errors'
import type { ClientConfig } from './known-configs.ts'
import { parseConfig } from './parse-config.ts'
import { commandOf, type EntryCommand, valueAt } from './share-entry.ts'

export interface EntryChange {
  path: readonly string[]
  to: EntryCommand
}

/**
 * Returns the text with these changes. It is parsed again and compared: AppError `key-not-changed` if anything else would change, because
 * of the format of the file.
 */
export function changeEntries(
  text: string,
  format: ClientConfig['format'],
  changes: readonly EntryChange[],
): string {
  const change = format === 'json' ? withJsonCommand : withTomlCommand
  const edited = changes.reduce((before, one) => change(before, one), text)
  const expected = structuredClone(parseConfig(text, format))
  for (const { path, to } of changes) {
    const entry = valueAt(expected, path) as Record<string, unknown>
    entry['command'] = to.command
    entry['args'] = [...to.args]
  }
  if (!isDeepStrictEqual(plain(parseConfig(edited, format)), plain(expected)))
    throw notChanged(changes[0]?.path ?? [])
  return edited
}

const notChanged = (path: readonly string[]): AppError =>
  new AppError('key-not-changed', { key: path.join('.') })

/** Dates and other values of TOML compare by their text. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const BOM = '\uFEFF'

function withJsonCommand(text: string, { path, to }: EntryChange): string {
  const mark = text.startsWith(BOM) ? BOM : ''
  const formattingOptions = formatOf(text)
  let edited = text.slice(mark.length)
  for (const [key, value] of [
    ['command', to.command],
    ['args', to.args],
  ] as const)
    edited = applyEdits(edited, modify(edited, [...path, key], value, { formattingOptions }))
  return mark + edited
}

/** The indentation and the line ends of the file. */
function formatOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

/** Only an entry that is a table of its own; others fail the comparison. */
function withTomlCommand(text: string, { path, to }: EntryChange): string {
  const pairs = tableOf(text, path)
  const rangeOf = (key: string): readonly [number, number] | null =>
    pairs.find((pair) => nameOf(pair) === key)?.value.range ?? null
  const command = rangeOf('command')
  if (command === null) throw notChanged(path)
  const args = rangeOf('args')
  const list = `[${to.args.map(tomlString).join(', ')}]`
  // From the end of the file to its beginning, so that the earlier range stays valid.
  const edits: [range: readonly [number, number], text: string][] = [
    [command, args ? tomlString(to.command) : `${tomlString(to.command)}\nargs = ${list}`],
    ...(args ? [[args, list] as [readonly [number, number], string]] : []),
  ]
  return edits
    .sort(([a], [b]) => b[0] - a[0])
    .reduce((edited, [[start, end], by]) => edited.slice(0, start) + by + edited.slice(end), text)
}

function tableOf(text: string, path: readonly string[]): readonly AST.TOMLKeyValue[] {
  const table = parseTOML(text).body[0].body.find(
    (one): one is AST.TOMLTable => one.type === 'TOMLTable' && isDeepStrictEqual(one.resolvedKey, [...path]),
  )
  return table?.body ?? []
}

function nameOf({ key }: AST.TOMLKeyValue): string {
  const [first, ...others] = key.keys
  if (first === undefined || others.length > 0) return ''
  return first.type === 'TOMLBare' ? first.name : first.value
}

/** JSON's escapes are a part of TOML's. */
const tomlString = (value: string): string => JSON.stringify(value)

/** Returns what the entry at that path starts now; null: it is no longer there, or has another shape. */
export const currentCommand = (
  text: string,
  format: ClientConfig['format'],
  path: readonly string[],
): EntryCommand | null => commandOf(valueAt(parseConfig(text, format), path))
