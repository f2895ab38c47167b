// Steps on the text of a YAML file, as splices: the library's own writer formats the whole file. Pure.
import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml'
import { isFields } from '../../lib/fields.ts'
import { type BracketStyle, type Brackets, insertItems, removeItems } from './brackets.ts'
import type { ChangeStep } from './change-steps.ts'
import { applyEdits, beginsLine, eolOf, lineEnd, lineStart, nextLine } from './text-edits.ts'
import {
  type BlockPlace,
  dashOf,
  endOf,
  flowItems,
  isEmptyScalar,
  keyStart,
  nodeAt,
  quotesOf,
  sourceOf,
} from './yaml-nodes.ts'
import {
  type YamlLayout,
  yamlAfterColon,
  yamlAfterDash,
  yamlInline,
  yamlKey,
  yamlScalar,
} from './yaml-text.ts'

const TRIVIA = /(?:\s|#[^\r\n]*)*/y
const COMMENT = /[ \t]*(?:(?<=[\s,[{])#[^\r\n]*)?/y

/** Returns the text after the step. Throws if its place is not there or has another shape. */
export function changeYaml(body: string, step: ChangeStep): string {
  const { root, place } = sourceOf(body)
  if (step.kind === 'replace') return replaced(body, place(step.path), step.value)
  if (step.kind === 'insert-items' || step.kind === 'remove-items') {
    const list = nodeAt(root, step.path)
    if (!isSeq(list)) throw new TypeError('not a list')
    return step.kind === 'insert-items'
      ? withItems(body, list, step.at, step.values)
      : withoutItems(body, list, step.at, step.count, place(step.path))
  }
  const above = step.path.slice(0, -1)
  const map = nodeAt(root, above)
  const key = String(step.path.at(-1))
  if (step.kind === 'insert') {
    if (map === null && above.length === 0) return atEnd(body, key, step.value)
    if (!isMap(map)) throw new TypeError('not a map')
    return withPair(body, map, key, step.value)
  }
  if (!isMap(map)) throw new TypeError('not a map')
  return withoutPair(body, map, key, place(above))
}

const layoutOf = (body: string): YamlLayout => ({ eol: eolOf(body), unit: '  ' })

const styleOf = (body: string, padding: string): BracketStyle => ({
  trivia: TRIVIA,
  comment: COMMENT,
  eol: eolOf(body),
  expands: null,
  padding,
})

/** A document without a value. */
function atEnd(body: string, key: string, value: unknown): string {
  const { eol } = layoutOf(body)
  const isOnNewLine = body === '' || body.endsWith('\n')
  return `${body}${isOnNewLine ? '' : eol}${yamlKey(key)}:${yamlAfterColon(value, '', layoutOf(body))}${eol}`
}

const isFlow = (node: YAMLMap | YAMLSeq): boolean => node.flow === true

const bracketsOf = (node: YAMLMap | YAMLSeq): Brackets => {
  const [start, end] = node.range ?? [0, 0]
  return { open: start + 1, close: end - 1, items: flowItems(node) }
}

function withPair(body: string, map: YAMLMap, key: string, value: unknown): string {
  if (isFlow(map)) {
    const pair = `${yamlKey(key)}: ${yamlInline(value)}`
    return applyEdits(body, insertItems(body, bracketsOf(map), map.items.length, [pair], styleOf(body, ' ')))
  }
  const last = map.items.at(-1)
  if (!last) throw new TypeError('an empty block')
  const indent = columnOf(body, keyStart(last))
  const line = `${indent}${yamlKey(key)}:${yamlAfterColon(value, indent, layoutOf(body))}`
  return afterLine(body, endOf(body, last), line)
}

/** The white space that brings a line to the column of an offset. */
const columnOf = (body: string, offset: number): string => ' '.repeat(offset - lineStart(body, offset))

function afterLine(body: string, offset: number, line: string): string {
  const end = lineEnd(body, offset)
  return applyEdits(body, [{ start: end, end, text: `${eolOf(body)}${line}` }])
}

function withItems(body: string, list: YAMLSeq, at: number, values: readonly unknown[]): string {
  if (isFlow(list))
    return applyEdits(
      body,
      insertItems(body, bracketsOf(list), at, values.map(yamlInline), styleOf(body, '')),
    )
  const isLast = at === list.items.length
  const dash = dashOf(list, isLast ? at - 1 : at)
  const indent = columnOf(body, dash)
  const lines = values.map((value) => `-${yamlAfterDash(value, indent, layoutOf(body))}`)
  const { eol } = layoutOf(body)
  if (isLast) return afterLine(body, endOf(body, list), lines.map((line) => indent + line).join(eol))
  // In `- - x` the first item is on the line of another dash.
  const text = lines.map((line) => `${line}${eol}${indent}`).join('')
  return applyEdits(body, [{ start: dash, end: dash, text }])
}

function withoutItems(
  body: string,
  list: YAMLSeq,
  at: number,
  count: number,
  place: BlockPlace | null,
): string {
  if (isFlow(list)) return applyEdits(body, removeItems(body, bracketsOf(list), at, count, styleOf(body, '')))
  if (count === list.items.length) return replaced(body, place, [])
  const [start, end] = [dashOf(list, at), endOf(body, list, at + count - 1)]
  return withoutLines(body, start, end, at + count < list.items.length ? dashOf(list, at + count) : null)
}

function withoutPair(body: string, map: YAMLMap, key: string, place: BlockPlace | null): string {
  const at = map.items.findLastIndex((pair) => isScalar(pair.key) && String(pair.key.value) === key)
  const pair = map.items[at]
  if (!pair) throw new TypeError('not there')
  if (isFlow(map)) return applyEdits(body, removeItems(body, bracketsOf(map), at, 1, styleOf(body, ' ')))
  if (map.items.length === 1 && place) return replaced(body, place, {})
  const next = map.items[at + 1]
  return withoutLines(body, keyStart(pair), endOf(body, pair), next ? keyStart(next) : null)
}

/** Removes from `start` to `end` with their lines; a comment behind `end` stays. */
function withoutLines(body: string, start: number, end: number, next: number | null): string {
  const rest = body.slice(end, lineEnd(body, end))
  if (!beginsLine(body, start)) {
    // The first part after a dash: the next one takes its place.
    if (next === null) throw new TypeError('the only part of its line')
    return applyEdits(body, [{ start, end: next, text: '' }])
  }
  if (rest.trim() !== '')
    return applyEdits(body, [{ start, end: end + rest.length - rest.trimStart().length, text: '' }])
  return applyEdits(body, [{ start: lineStart(body, start), end: nextLine(body, end), text: '' }])
}

function replaced(body: string, place: BlockPlace | null, value: unknown): string {
  if (place === null) throw new TypeError('not there')
  const { node, mark, isInFlow } = place
  const isPlainText = !Array.isArray(value) && !isFields(value)
  const isOnLine = isScalar(node) && !isEmptyScalar(node) && !isBlockScalar(node)
  if (!isInFlow && !(isOnLine && isPlainText)) return withBlock(body, place, value)
  const [start, end] = node?.range ?? [mark, mark]
  const text = isPlainText ? yamlScalar(value, quotesOf(node)) : yamlInline(value)
  return applyEdits(body, [{ start, end, text: start === mark ? ` ${text}` : text }])
}

/** Replaces what is after a colon or a dash; a comment on that line stays. */
function withBlock(body: string, { node, mark, start, isItem }: BlockPlace, value: unknown): string {
  const indent = columnOf(body, start)
  const layout = layoutOf(body)
  const text = isItem ? yamlAfterDash(value, indent, layout) : yamlAfterColon(value, indent, layout)
  const line = lineEnd(body, mark)
  const end = node === null || isEmptyScalar(node) ? mark : endOf(body, node)
  if (!text.startsWith(' ')) {
    const from = end <= line && end > mark ? mark : line
    return applyEdits(body, [{ start: from, end: Math.max(from, end), text }])
  }
  if (end <= line) return applyEdits(body, [{ start: mark, end, text }])
  if ((node?.range?.[0] ?? 0) <= line) return applyEdits(body, [{ start: mark, end, text }])
  return applyEdits(body, [
    { start: mark, end: mark, text },
    { start: line, end, text: '' },
  ])
}

const isBlockScalar = (node: ParsedNode | null): boolean =>
  isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
