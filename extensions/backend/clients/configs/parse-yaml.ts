// YAML. Pure.
import {
  Composer,
  type CST,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
} from 'yaml'
import { notOfFormat, type ParsedConfig, withoutBom } from './parsed-config.ts'

/** More than any configuration needs: a few lines of aliases can mean gigabytes. */
const MAX_ALIASES = 100
/** A bracket in a bracket costs the parser a call: beyond it, the file is refused before its stack ends. */
const MAX_BRACKETS = 400
/** `- - - …`: lists in lists on one line, which cost the parser the square of their number. */
const MANY_INDICATORS = /(?:[-?:][ \t]+){400}/

const OPTIONS = {
  logLevel: 'silent',
  // Each key would be compared with each other one: seconds for a long file.
  uniqueKeys: false,
  prettyErrors: false,
  merge: true,
  keepSourceTokens: true,
} as const

/** Throws ConfigSyntaxError when it is none. */
export function parseYaml(text: string): ParsedConfig {
  const lines = new LineCounter()
  const document = documentOf(withoutBom(text), lines)
  return {
    value: valueOf(document),
    isStrict: true,
    lineOf: (path) => lines.linePos(offsetOf(document.contents, path)).line || 1,
  }
}

/** Parses text without a byte order mark. Throws as above. */
export function documentOf(body: string, lines = new LineCounter()): Document.Parsed {
  if (nesting(body) > MAX_BRACKETS || MANY_INDICATORS.test(body)) throw notOfFormat('YAML', null)
  const composer = new Composer(OPTIONS)
  const [document] = composer.compose(tokensOf(body, lines), true, body.length)
  if (!document) throw notOfFormat('YAML', null)
  const [error] = document.errors
  if (error) throw notOfFormat('YAML', lines.linePos(error.pos[0]).line)
  return document as Document.Parsed
}

/** The parser goes on after an error, and takes longer with each: a file of errors would take minutes. */
function* tokensOf(body: string, lines: LineCounter): Generator<CST.Token> {
  for (const token of new Parser(lines.addNewLine).parse(body)) {
    if (token.type === 'error') throw notOfFormat('YAML', lines.linePos(token.offset).line)
    yield token
  }
}

export function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
  } catch {
    throw notOfFormat('YAML', null)
  }
}

/** The deepest nesting of flow collections, text in quotes included. */
function nesting(body: string): number {
  let depth = 0
  let deepest = 0
  for (const [bracket] of body.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1)
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/** Where the key or the element begins, or the nearest part above it. */
function offsetOf(root: unknown, path: readonly (string | number)[]): number {
  let at: unknown = root
  let offset = 0
  for (const key of path) {
    const found = childOf(at, key)
    if (!found) break
    offset = found.offset
    at = found.value
  }
  return offset
}

function childOf(node: unknown, key: string | number): { value: unknown; offset: number } | null {
  if (isMap(node)) {
    const pair = node.items.findLast(({ key: one }) => isScalar(one) && String(one.value) === String(key))
    return pair ? { value: pair.value, offset: startOf(pair.key) } : null
  }
  if (!isSeq(node) || typeof key !== 'number') return null
  const value = node.items[key]
  return value === undefined ? null : { value, offset: startOf(value) }
}

const startOf = (node: unknown): number => (isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0)
