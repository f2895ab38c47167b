// Steps on the text of a JSON file, with comments or without. Pure.
import { type Node, parseTree } from 'jsonc-parser'
import { type BracketStyle, type Brackets, insertItems, isMultiline, removeItems } from './brackets.ts'
import type { ChangeStep, Path } from './change-steps.ts'
import { applyEdits, eolOf, indentAt, indentUnit } from './text-edits.ts'

const TRIVIA = /(?:\s|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y
const COMMENT = /[ \t]*(?:\/\/[^\r\n]*|(?:\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)+(?:\/\/[^\r\n]*)?)?/y

/** Returns the text after the step; unchanged if its place is not there. */
export function changeJson(body: string, step: ChangeStep): string {
  const tree = parseTree(body, [], { allowTrailingComma: true })
  if (!tree) return changeJson(withRoot(body), step)
  if (step.kind === 'replace') {
    const node = nodeAt(tree, step.path)
    return node ? replaced(body, node, step.value) : body
  }
  if (step.kind === 'insert-items' || step.kind === 'remove-items') {
    const list = nodeAt(tree, step.path)
    return list?.type === 'array' ? changeItems(body, list, step) : body
  }
  const map = nodeAt(tree, step.path.slice(0, -1))
  const key = String(step.path.at(-1))
  if (map?.type !== 'object') return body
  if (step.kind === 'insert') return inserted(body, map, (map.children ?? []).length, [[key, step.value]])
  const at = (map.children ?? []).findLastIndex((property) => property.children?.[0]?.value === key)
  return applyEdits(body, removeItems(body, bracketsOf(map), at, 1, styleOf(body, map)))
}

/** A file without a value, but perhaps with comments. */
const withRoot = (body: string): string => {
  const eol = eolOf(body)
  return `${body}${body === '' || body.endsWith('\n') ? '' : eol}{}${eol}`
}

function nodeAt(tree: Node, path: Path): Node | null {
  let at: Node | undefined = tree
  for (const key of path) {
    if (at.type === 'object')
      at = at.children?.findLast((one) => one.children?.[0]?.value === key)?.children?.[1]
    else at = at.type === 'array' && typeof key === 'number' ? at.children?.[key] : undefined
    if (!at) return null
  }
  return at
}

const endOf = ({ offset, length }: Node): number => offset + length

const bracketsOf = (node: Node): Brackets => ({
  open: node.offset + 1,
  close: endOf(node) - 1,
  items: (node.children ?? []).map((child) => [child.offset, endOf(child)]),
})

function styleOf(body: string, node: Node): BracketStyle {
  const outer = indentAt(body, node.offset)
  // A file on one line stays on one line.
  const isOneLine = !body.trim().includes('\n') && body.trim() !== '{}'
  return {
    trivia: TRIVIA,
    comment: COMMENT,
    eol: eolOf(body),
    expands: isOneLine ? null : { inner: outer + indentUnit(body), outer },
    padding: ' ',
  }
}

function changeItems(
  body: string,
  list: Node,
  step: Extract<ChangeStep, { kind: 'insert-items' | 'remove-items' }>,
): string {
  if (step.kind === 'insert-items')
    return inserted(
      body,
      list,
      step.at,
      step.values.map((value) => [null, value]),
    )
  return applyEdits(body, removeItems(body, bracketsOf(list), step.at, step.count, styleOf(body, list)))
}

function inserted(
  body: string,
  container: Node,
  at: number,
  items: readonly (readonly [key: string | null, value: unknown])[],
): string {
  const brackets = bracketsOf(container)
  const style = styleOf(body, container)
  const first = container.children?.[0]
  const isOver = first ? isMultiline(body, brackets) : style.expands !== null
  const indent = first ? indentAt(body, first.offset) : (style.expands?.inner ?? '')
  const texts = items.map(([key, value]) => {
    const text = isOver ? overLines(body, value, indent) : onOneLine(value)
    return key === null ? text : `${JSON.stringify(key)}: ${text}`
  })
  return applyEdits(body, insertItems(body, brackets, at, texts, style))
}

function replaced(body: string, node: Node, value: unknown): string {
  const container = node.parent?.type === 'property' ? node.parent.parent : node.parent
  const isOver = container ? body.slice(container.offset, endOf(container)).includes('\n') : true
  const text = isOver ? overLines(body, value, indentAt(body, node.offset)) : onOneLine(value)
  return applyEdits(body, [{ start: node.offset, end: endOf(node), text }])
}

const overLines = (body: string, value: unknown, indent: string): string =>
  JSON.stringify(value, null, indentUnit(body)).replaceAll('\n', `${eolOf(body)}${indent}`)

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${onOneLine(one)}`)
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}
