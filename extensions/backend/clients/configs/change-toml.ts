// Steps on the text of a TOML file. Pure.
import type { AST } from 'toml-eslint-parser'
import { isFields } from '../../lib/fields.ts'
import { type BracketStyle, type Brackets, insertItems, isMultiline, removeItems } from './brackets.ts'
import type { ChangeStep, Path } from './change-steps.ts'
import { namesOf, programOf, startsWith } from './parse-toml.ts'
import {
  applyEdits,
  type Edit,
  eolOf,
  indentAt,
  indentUnit,
  lineEnd,
  lineStart,
  nextLine,
} from './text-edits.ts'
import { tomlKey, tomlPair, tomlTable, tomlValue } from './toml-text.ts'

const TRIVIA = /(?:\s|#[^\r\n]*)*/y
const COMMENT = /[ \t]*(?:#[^\r\n]*)?/y

/** Returns the text after the step. Throws if its place is not there or has another shape. */
export function changeToml(body: string, step: ChangeStep): string {
  const program = programOf(body)
  if (step.kind === 'replace') return replace(body, program, step.path, step.value)
  if (step.kind === 'insert') return insert(body, program, step.path, step.value)
  if (step.kind === 'remove') return remove(body, program, step.path)
  const list = valueOf(program, step.path)
  if (list?.type === 'TOMLArray') {
    const brackets = bracketsOf(list)
    const style = styleOf(body, list)
    return applyEdits(
      body,
      step.kind === 'insert-items'
        ? insertItems(body, brackets, step.at, step.values.map(tomlValue), style)
        : removeItems(body, brackets, step.at, step.count, style),
    )
  }
  return changeTables(body, program, step)
}

/** `[[list]]`: elements are added at the end of the file. */
function changeTables(
  body: string,
  program: AST.TOMLProgram,
  step: Extract<ChangeStep, { kind: 'insert-items' | 'remove-items' }>,
): string {
  if (step.kind === 'remove-items')
    return Array.from({ length: step.count }, (_, i) => step.at + i).reduceRight(
      (edited, at) => remove(edited, edited === body ? program : programOf(edited), [...step.path, at]),
      body,
    )
  return step.values.reduce<string>((edited, value) => {
    if (!isFields(value)) throw new TypeError('not a table')
    return atEnd(edited, tomlTable(step.path, value, true))
  }, body)
}

interface Pair {
  node: AST.TOMLKeyValue
  /** From the root of the file. */
  path: Path
}

/** All pairs of tables and of the top, not those in inline tables. */
const pairsOf = (program: AST.TOMLProgram): Pair[] =>
  program.body[0].body.flatMap((node): Pair[] =>
    node.type === 'TOMLKeyValue'
      ? [{ node, path: namesOf(node.key) }]
      : node.body.map((one) => ({ node: one, path: [...node.resolvedKey, ...namesOf(one.key)] })),
  )

const tablesOf = (program: AST.TOMLProgram): AST.TOMLTable[] =>
  program.body[0].body.filter((node) => node.type === 'TOMLTable')

const isSame = (one: Path, other: Path): boolean => one.length === other.length && startsWith(one, other)

/** The value in a pair, an inline table or an array; null: it is a table, or not there. */
function valueOf(program: AST.TOMLProgram, path: Path): AST.TOMLContentNode | null {
  const pair = pairsOf(program).find((one) => startsWith(path, one.path))
  return pair ? valueIn(pair.node.value, path.slice(pair.path.length)) : null
}

function valueIn(node: AST.TOMLContentNode, path: Path): AST.TOMLContentNode | null {
  const [first] = path
  if (first === undefined) return node
  if (node.type === 'TOMLArray') {
    const element = typeof first === 'number' ? node.elements[first] : undefined
    return element ? valueIn(element, path.slice(1)) : null
  }
  if (node.type !== 'TOMLInlineTable') return null
  const pair = node.body.find((one) => startsWith(path, namesOf(one.key)))
  return pair ? valueIn(pair.value, path.slice(namesOf(pair.key).length)) : null
}

function replace(body: string, program: AST.TOMLProgram, path: Path, value: unknown): string {
  const node = valueOf(program, path)
  if (node) {
    const [start, end] = node.range
    return applyEdits(body, [{ start, end, text: tomlValue(value) }])
  }
  const edited = remove(body, program, path)
  return insert(edited, programOf(edited), path, value)
}

function insert(body: string, program: AST.TOMLProgram, path: Path, value: unknown): string {
  const parent = path.slice(0, -1)
  const key = String(path.at(-1))
  const inline = valueOf(program, parent)
  if (inline) {
    if (inline.type !== 'TOMLInlineTable') throw new TypeError('not a table')
    const edits = insertItems(
      body,
      bracketsOf(inline),
      inline.body.length,
      [tomlPair(key, value)],
      styleOf(body, inline),
    )
    return applyEdits(body, edits)
  }
  const isTable = isFields(value) && Object.keys(value).length > 0
  const table = tablesOf(program).find(({ resolvedKey }) => isSame(resolvedKey, parent))
  const dotted = pairsOf(program).findLast(
    (pair) => pair.path.length > parent.length && startsWith(pair.path, parent),
  )
  const isOwnTable = isTable && path.length <= 2 && path.every((one) => typeof one === 'string')
  if (table && !isOwnTable) return intoTable(body, table, tomlPair(key, value))
  if (parent.length === 0)
    return isTable ? atEnd(body, tomlTable(path, value)) : atTop(body, program, tomlPair(key, value))
  if (dotted && isDotted(dotted, parent, program)) return afterDotted(body, dotted, path, value)
  if (parent.some((one) => typeof one === 'number')) throw new TypeError('not a table of its own')
  return atEnd(body, isTable ? tomlTable(path, value) : tomlTable(parent, { [key]: value }))
}

/** The parent is a table because of a key with dots. */
const isDotted = ({ node, path }: Pair, parent: Path, program: AST.TOMLProgram): boolean =>
  path.length - namesOf(node.key).length < parent.length &&
  !tablesOf(program).some(({ resolvedKey }) => isSame(resolvedKey, parent))

function afterDotted(body: string, { node, path: own }: Pair, path: Path, value: unknown): string {
  const above = own.length - namesOf(node.key).length
  const name = path.slice(above).map((key) => tomlKey(String(key)))
  return afterLine(
    body,
    node.range[1],
    `${indentAt(body, node.range[0])}${name.join('.')} = ${tomlValue(value)}`,
  )
}

function intoTable(body: string, table: AST.TOMLTable, pair: string): string {
  const last = table.body.at(-1)
  const after = last ? last.range : table.key.range
  return afterLine(body, after[1], `${indentAt(body, last ? last.range[0] : table.range[0])}${pair}`)
}

function afterLine(body: string, offset: number, line: string): string {
  const end = lineEnd(body, offset)
  return applyEdits(body, [{ start: end, end, text: `${eolOf(body)}${line}` }])
}

/** Before the first table, after the keys of the top. */
function atTop(body: string, program: AST.TOMLProgram, pair: string): string {
  const last = program.body[0].body.findLast((node) => node.type === 'TOMLKeyValue')
  if (last) return afterLine(body, last.range[1], pair)
  const eol = eolOf(body)
  return tablesOf(program).length > 0 ? `${pair}${eol}${eol}${body}` : atEnd(body, [pair])
}

function atEnd(body: string, lines: readonly string[]): string {
  const eol = eolOf(body)
  const isEmpty = body.trim() === ''
  const before = isEmpty ? '' : body.endsWith('\n') ? eol : `${eol}${eol}`
  const after = isEmpty || body.endsWith('\n') ? eol : ''
  return `${isEmpty ? '' : body}${before}${lines.join(eol)}${after}`
}

function remove(body: string, program: AST.TOMLProgram, path: Path): string {
  const inline = pairsOf(program).find(
    (pair) => pair.path.length < path.length && startsWith(path, pair.path),
  )
  if (inline) return removeInline(body, program, path)
  const pairs = pairsOf(program)
    .filter((pair) => startsWith(pair.path, path))
    .map(({ node }) => pairEdit(body, node))
  const tables = tablesOf(program).filter(({ resolvedKey }) => startsWith(resolvedKey, path))
  const outside = pairs.filter(
    ({ start }) => !tables.some(({ range }) => range[0] <= start && start < range[1]),
  )
  const edits = [...outside, ...tables.map((table) => tableEdit(body, table))]
  if (edits.length === 0) throw new TypeError('not there')
  const edited = applyEdits(body, edits)
  // Of the last table, the blank lines before it go as well.
  return edits.some(({ end }) => end === body.length)
    ? edited.replace(/(\r?\n)(?:[ \t]*\r?\n)+$/, '$1')
    : edited
}

function removeInline(body: string, program: AST.TOMLProgram, path: Path): string {
  const parent = valueOf(program, path.slice(0, -1))
  if (parent?.type !== 'TOMLInlineTable') throw new TypeError('not a table')
  const at = parent.body.findIndex((pair) => isSame(namesOf(pair.key), path.slice(-1)))
  if (at < 0) throw new TypeError('not a key of its own')
  return applyEdits(body, removeItems(body, bracketsOf(parent), at, 1, styleOf(body, parent)))
}

/** The whole line; a comment after the pair stays. */
function pairEdit(body: string, { range: [first, last] }: AST.TOMLKeyValue): Edit {
  const rest = body.slice(last, lineEnd(body, last))
  if (rest.trim() !== '') return { start: first, end: last + rest.length - rest.trimStart().length, text: '' }
  return { start: lineStart(body, first), end: nextLine(body, last), text: '' }
}

/** From the header to the last pair, and the blank lines after it, unless it is the last table. */
function tableEdit(body: string, { range, key, body: pairs }: AST.TOMLTable): Edit {
  const start = lineStart(body, range[0])
  let end = nextLine(body, pairs.at(-1)?.range[1] ?? key.range[1])
  const isAfterBlank = start === 0 || /\n[ \t]*\r?\n$/.test(body.slice(0, start))
  while (isAfterBlank && end < body.length && body.slice(end, lineEnd(body, end)).trim() === '')
    end = nextLine(body, end)
  return { start, end, text: '' }
}

const bracketsOf = (node: AST.TOMLArray | AST.TOMLInlineTable): Brackets => ({
  open: node.range[0] + 1,
  close: node.range[1] - 1,
  items: (node.type === 'TOMLArray' ? node.elements : node.body).map(({ range }) => [range[0], range[1]]),
})

function styleOf(body: string, node: AST.TOMLArray | AST.TOMLInlineTable): BracketStyle {
  const outer = indentAt(body, node.range[0])
  const isOver = isMultiline(body, bracketsOf(node))
  return {
    trivia: TRIVIA,
    comment: COMMENT,
    eol: eolOf(body),
    expands: isOver ? { inner: outer + indentUnit(body), outer } : null,
    padding: node.type === 'TOMLArray' ? '' : ' ',
  }
}
