// Where the parts of a YAML document begin and end in its text. Pure.
import {
  type CST,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Path } from './change-steps.ts'
import { documentOf } from './parse-yaml.ts'
import type { Quotes } from './yaml-text.ts'

/** A value and what is before it. */
export interface BlockPlace {
  node: ParsedNode | null
  /** After its colon or its dash. */
  mark: number
  /** Of its key or its dash. */
  start: number
  isItem: boolean
  isInFlow: boolean
}

export interface YamlSource {
  /** Null: the document is empty. */
  root: ParsedNode | null
  /** Null: there is nothing at that path, or it is the root. */
  place: (path: Path) => BlockPlace | null
}

export function sourceOf(body: string): YamlSource {
  const document = documentOf(body)
  const root = isEmptyScalar(document.contents) ? null : document.contents
  return { root, place: (path) => placeOf(root, path) }
}

export function nodeAt(root: ParsedNode | null, path: Path): ParsedNode | null {
  let at: unknown = root
  for (const key of path) {
    if (isMap(at)) at = pairOf(at, key)?.value
    else at = isSeq(at) && typeof key === 'number' ? at.items[key] : null
    if (!isNode(at)) return null
  }
  return at as ParsedNode | null
}

const pairOf = (map: YAMLMap, key: string | number): Pair | undefined =>
  map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))

function placeOf(root: ParsedNode | null, path: Path): BlockPlace | null {
  const key = path.at(-1)
  if (key === undefined) return null
  const parent = nodeAt(root, path.slice(0, -1))
  if (isMap(parent)) {
    const pair = pairOf(parent, key)
    if (!pair) return null
    const node = isNode(pair.value) ? (pair.value as ParsedNode) : null
    return {
      node,
      mark: colonOf(pair) + 1,
      start: keyStart(pair),
      isItem: false,
      isInFlow: parent.flow === true,
    }
  }
  if (!isSeq(parent) || typeof key !== 'number') return null
  const node = (parent.items[key] ?? null) as ParsedNode | null
  if (parent.flow) return { node, mark: -1, start: -1, isItem: true, isInFlow: true }
  const dash = dashOf(parent, key)
  return { node, mark: dash + 1, start: dash, isItem: true, isInFlow: false }
}

export const keyStart = ({ key }: Pair): number => (key as Node).range?.[0] ?? 0

/** Throws for a key without one (`? key`). */
export function colonOf({ srcToken }: Pair): number {
  const source = srcToken as CST.CollectionItem | undefined
  const mark = source?.sep?.find(({ type }) => type === 'map-value-ind')
  const isExplicit = source?.start.some(({ type }) => type === 'explicit-key-ind')
  if (!mark || isExplicit) throw new TypeError('no plain key')
  return mark.offset
}

/** The offset of the dash of an item. */
export function dashOf(list: YAMLSeq, at: number): number {
  const source = list.srcToken as CST.BlockSequence | undefined
  const dashes = (source?.items ?? []).flatMap(({ start }) =>
    start.filter(({ type }) => type === 'seq-item-ind'),
  )
  const found = dashes[at]
  if (!found || dashes.length !== list.items.length) throw new TypeError('no plain list')
  return found.offset
}

/** The ranges of the items in brackets. */
export const flowItems = ({ items }: YAMLMap | YAMLSeq): [number, number][] =>
  items.map((item): [number, number] => {
    if (!isPair(item)) return [(item as Node).range?.[0] ?? 0, (item as Node).range?.[1] ?? 0]
    const start = keyStart(item)
    const value = item.value as Node | null
    const keyEnd = (item.key as Node).range?.[1] ?? start
    return [start, Math.max(keyEnd, isEmptyScalar(value) ? keyEnd : (value?.range?.[1] ?? 0))]
  })

/** A value that is not written: `key:`. */
export const isEmptyScalar = (node: unknown): boolean =>
  isScalar(node) && node.range !== null && node.range !== undefined && node.range[0] === node.range[1]

/** Where a part ends, without the blank lines and comments that the parser counts to it. `at`: up to this item of a list. */
export function endOf(body: string, part: unknown, at?: number): number {
  if (isPair(part)) {
    const colon = colonOf(part)
    return part.value === null || isEmptyScalar(part.value) ? colon + 1 : endOf(body, part.value)
  }
  if (isSeq(part) && !part.flow && part.items.length > 0) {
    const last = at ?? part.items.length - 1
    const item = part.items[last]
    return isEmptyScalar(item) || item === null ? dashOf(part, last) + 1 : endOf(body, item)
  }
  if (isMap(part) && !part.flow && part.items.length > 0) return endOf(body, part.items.at(-1))
  const [start = 0, end = 0] = (part as Node | null)?.range ?? []
  return start + body.slice(start, end).trimEnd().length
}

/** The quotes of a text. */
export function quotesOf(node: unknown): Quotes {
  if (!isScalar(node)) return 'plain'
  if (node.type === 'QUOTE_DOUBLE') return 'double'
  return node.type === 'QUOTE_SINGLE' ? 'single' : 'plain'
}
