// Where the values of a JSON object are in its bytes, so that one value can be replaced and every other byte stays as it is. Finds
// values without parsing them: it does not validate. Pure.

/** From the first byte of a value to the one after its last. */
export type Span = readonly [from: number, to: number]

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d

/** Returns the span of each value by its key; of a repeated key the last one, as JSON.parse. Null: it is not an object. */
export function objectSpans(bytes: Buffer, from = 0, to = bytes.length): ReadonlyMap<string, Span> | null {
  const spans = new Map<string, Span>()
  let at = skipBlanks(bytes, from, to)
  if (bytes[at] !== OPEN_BRACE) return null
  at = skipBlanks(bytes, at + 1, to)
  if (bytes[at] === CLOSE_BRACE) return spans
  while (at < to && bytes[at] === QUOTE) {
    const keyEnd = stringEnd(bytes, at, to)
    const key = keyOf(bytes, at, keyEnd)
    at = skipBlanks(bytes, keyEnd, to)
    if (bytes[at] !== COLON) return null
    at = skipBlanks(bytes, at + 1, to)
    const end = valueEnd(bytes, at, to)
    spans.set(key, [at, end])
    at = skipBlanks(bytes, end, to)
    if (bytes[at] === CLOSE_BRACE) return spans
    if (bytes[at] !== COMMA) return null
    at = skipBlanks(bytes, at + 1, to)
  }
  return null
}

/** Returns the bytes with one value replaced. */
export function splice(bytes: Buffer, [from, to]: Span, text: string): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(text, 'utf8'), bytes.subarray(to)])
}

/** Returns the bytes with several values replaced; the spans do not overlap. */
export function spliceAll(bytes: Buffer, changes: readonly (readonly [span: Span, text: string])[]): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (const [span, text] of changes.toSorted(([a], [b]) => a[0] - b[0])) {
    parts.push(bytes.subarray(from, span[0]), Buffer.from(text, 'utf8'))
    from = span[1]
  }
  parts.push(bytes.subarray(from))
  return Buffer.concat(parts)
}

function skipBlanks(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && isBlank(bytes[at])) at++
  return at
}

/** The key without its quotes; a key with escapes is decoded. */
function keyOf(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from + 1, to - 1)
  if (!text.includes('\\')) return text
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    // Not valid JSON: its own text does no harm.
    return text
  }
}

/** The end of the string that begins at `from`, behind its closing quote. */
function stringEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = bytes.indexOf(QUOTE, from + 1); at >= 0 && at < to; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at + 1
  }
  return to
}

function valueEnd(bytes: Buffer, from: number, to: number): number {
  const first = bytes[from]
  if (first === QUOTE) return stringEnd(bytes, from, to)
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    let at = from
    while (at < to && bytes[at] !== COMMA && bytes[at] !== CLOSE_BRACE && bytes[at] !== CLOSE_BRACKET) at++
    while (at > from && isBlank(bytes[at - 1])) at--
    return at
  }
  let depth = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = stringEnd(bytes, at, to) - 1
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at + 1
  }
  return to
}
