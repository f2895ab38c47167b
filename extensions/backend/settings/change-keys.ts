// Changes single keys in the text of a `serena_config.yml` and keeps every other byte, comments included. Pure.
import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, type Pair, parseDocument, type Scalar, stringify } from 'yaml'
import { AppError } from '#contract/errors'
import { readYamlMapping } from '../lib/yaml-mapping.ts'

export type KeyValue = boolean | number | string | null

/**
 * Returns the text with those keys set; null removes a key. The result is parsed again and compared: AppError `key-not-changed` when
 * anything else would change, because of the format of the file.
 */
export function changeKeys(text: string, changes: Readonly<Record<string, KeyValue>>): string {
  const changed = Object.entries(changes).reduce(
    (before, [key, value]) => (value === null ? withoutKey(before, key) : withKey(before, key, value)),
    text,
  )
  const [before, after] = [keysOf(text), keysOf(changed)]
  for (const [key, value] of Object.entries(changes)) {
    const found = after.get(key) ?? null
    if (!Object.is(found, value === '.inf' ? Number.POSITIVE_INFINITY : value)) throw notChanged(key)
    before.delete(key)
    after.delete(key)
  }
  if (!isDeepStrictEqual(before, after)) throw notChanged(Object.keys(changes).join(', '))
  return changed
}

const notChanged = (key: string): AppError => new AppError('key-not-changed', { key })

function keysOf(text: string): Map<unknown, unknown> {
  const read = readYamlMapping(text)
  if ('problem' in read) throw new AppError('key-not-changed', { key: 'the keys' })
  return new Map(read.keys)
}

function pairOf(text: string, key: string): { pair: Pair; keyNode: Scalar } | null {
  const { contents } = parseDocument(text, { logLevel: 'silent' })
  if (!isMap(contents)) return null
  for (const pair of contents.items) {
    const keyNode: unknown = pair.key
    if (isScalar(keyNode) && keyNode.value === key) return { pair, keyNode }
  }
  return null
}

const lineEndOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')
const render = (value: Exclude<KeyValue, null>): string =>
  value === '.inf' ? value : typeof value === 'string' ? stringify(value).trimEnd() : String(value)

function withKey(text: string, key: string, value: Exclude<KeyValue, null>): string {
  const found = pairOf(text, key)
  if (!found) {
    const lineEnd = lineEndOf(text)
    const head = text === '' || text.endsWith('\n') ? text : text + lineEnd
    return `${head}${key}: ${render(value)}${lineEnd}`
  }
  const { start, end } = valueRange(text, found)
  return `${text.slice(0, start)} ${render(value)}${text.slice(end)}`
}

/** Returns the range from after the colon to the end of the value; a comment or the end of the line follows. */
function valueRange(
  text: string,
  { pair, keyNode }: NonNullable<ReturnType<typeof pairOf>>,
): { start: number; end: number } {
  const start = text.indexOf(':', keyNode.range?.[1] ?? 0) + 1
  const value: unknown = pair.value
  const range = isScalar(value) ? value.range : null
  const isEmpty = !range || range[0] === range[1]
  return { start, end: isEmpty ? start : range[1] }
}

/** Removes the line of the key with its comment, but not the byte order mark of the file. */
function withoutKey(text: string, key: string): string {
  const found = pairOf(text, key)
  if (!found) return text
  const lineStart = text.lastIndexOf('\n', (found.keyNode.range?.[0] ?? 0) - 1) + 1
  const from = lineStart === 0 && text.startsWith('\uFEFF') ? 1 : lineStart
  const { end } = valueRange(text, found)
  const lineEnd = text.indexOf('\n', end)
  return text.slice(0, from) + (lineEnd === -1 ? '' : text.slice(lineEnd + 1))
}
