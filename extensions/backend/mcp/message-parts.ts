// The parts of one JSON-RPC message that a multiplexer needs, with the places of those that it replaces. Pure.
import { objectSpans, type Span } from './json-spans.ts'

export interface MessageParts {
  /** `request`: it wants an answer; `answer`: a result or an error. */
  kind: 'request' | 'notification' | 'answer'
  /** Null for an answer. */
  method: string | null
  id: Span | null
  /** The id as JSON text, as it stands in the message; null: it has none. */
  rawId: string | null
  params: Span | null
  result: Span | null
}

/** Python's servers begin their answers so. */
const USUAL = /^\{"jsonrpc":"2\.0","id":(-?\d+),"(result|error)":/

/** Returns the parts of a line; null: it is not a JSON-RPC message (a batch is none either). Does not validate the JSON. */
export function partsOf(line: Buffer): MessageParts | null {
  return usualParts(line) ?? anyParts(line)
}

function usualParts(line: Buffer): MessageParts | null {
  const found = USUAL.exec(line.toString('latin1', 0, 64))
  const [whole, rawId = '', kind] = found ?? []
  if (whole === undefined || line[line.length - 1] !== 0x7d) return null
  const at = whole.indexOf('"id":') + 5
  return {
    kind: 'answer',
    method: null,
    id: [at, at + rawId.length],
    rawId,
    params: null,
    result: kind === 'result' ? [whole.length, line.length - 1] : null,
  }
}

function anyParts(line: Buffer): MessageParts | null {
  const spans = objectSpans(line)
  if (spans === null) return null
  const methodSpan = spans.get('method')
  const id = spans.get('id') ?? null
  const rawId = id && line.toString('utf8', id[0], id[1])
  const method = methodSpan === undefined ? null : stringIn(line, methodSpan)
  const result = spans.get('result') ?? null
  const base = { method, id, rawId, params: spans.get('params') ?? null, result }
  if (method !== null) return { ...base, kind: rawId === null ? 'notification' : 'request' }
  return result !== null || spans.has('error') ? { ...base, kind: 'answer' } : null
}

/** Returns the text at a span; null: there is none, or it is not a text. */
export function stringIn(line: Buffer, span: Span | null): string | null {
  if (span === null) return null
  try {
    const value: unknown = JSON.parse(line.toString('utf8', ...span))
    return typeof value === 'string' ? value : null
  } catch {
    // Not valid JSON.
    return null
  }
}

/** Returns a key by which ids are compared: `1` and `"1"` differ, two spellings of one string do not. */
export function idKeyOf(rawId: string): string {
  if (!rawId.startsWith('"')) return rawId
  try {
    return JSON.stringify(JSON.parse(rawId))
  } catch {
    // Not valid JSON: it equals only itself.
    return rawId
  }
}

/** Returns the value inside nested objects, as a span; null: it is not there. */
export function spanAt(line: Buffer, span: Span | null, ...keys: readonly string[]): Span | null {
  let at = span
  for (const key of keys) at = (at && objectSpans(line, at[0], at[1])?.get(key)) ?? null
  return at
}
