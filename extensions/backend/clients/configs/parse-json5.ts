// JSON5, to read only: json5.org. Pure.
import { lineAt, notOfFormat, type ParsedConfig, withoutBom } from './parsed-config.ts'

const MAX_DEPTH = 500
/** White space and comments. */
const BLANK = /(?:[\s\uFEFF]|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)+/y
const NUMBER = /[+-]?(?:Infinity|NaN|0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy
const NAME = /[\p{L}\p{Nl}$_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}$_\u200c\u200d]*/uy
const DOUBLE = /"(?:[^"\\\n\r]|\\(?:\r\n|[\s\S]))*"/y
const SINGLE = /'(?:[^'\\\n\r]|\\(?:\r\n|[\s\S]))*'/y
const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[\s\S]))/gi
const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
  '\n': '',
  '\r': '',
  '\r\n': '',
  '\u2028': '',
  '\u2029': '',
}
const WORDS = new Map<string, unknown>([
  ['null', null],
  ['true', true],
  ['false', false],
])

interface Reader {
  text: string
  at: number
  /** The offset of each key and element, by the JSON text of its path. */
  offsets: Map<string, number>
}

type Path = readonly (string | number)[]

/** Throws ConfigSyntaxError when it is none. */
export function parseJson5(text: string): ParsedConfig {
  const reader: Reader = { text: withoutBom(text), at: 0, offsets: new Map() }
  skip(reader)
  const value = reader.at === reader.text.length ? {} : valueOf(reader, [])
  skip(reader)
  if (reader.at < reader.text.length) throw wrong(reader)
  return {
    value,
    isStrict: true,
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const offset = reader.offsets.get(JSON.stringify(path.slice(0, length)))
        if (offset !== undefined) return lineAt(reader.text, offset)
      }
      return 1
    },
  }
}

const wrong = ({ text, at }: Reader): Error => notOfFormat('JSON5', lineAt(text, at))

function take(reader: Reader, pattern: RegExp): string | null {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text)?.[0]
  if (found === undefined) return null
  reader.at += found.length
  return found
}

const skip = (reader: Reader): void => void take(reader, BLANK)

function takeMark(reader: Reader, mark: string): boolean {
  skip(reader)
  if (reader.text[reader.at] !== mark) return false
  reader.at += 1
  return true
}

function valueOf(reader: Reader, path: Path): unknown {
  if (path.length > MAX_DEPTH) throw wrong(reader)
  if (takeMark(reader, '{')) return mapOf(reader, path)
  if (takeMark(reader, '[')) return listOf(reader, path)
  const text = textOf(reader)
  if (text !== null) return text
  const number = take(reader, NUMBER)
  if (number !== null) return numberOf(number)
  const word = take(reader, NAME)
  if (word === null || !WORDS.has(word)) throw wrong(reader)
  return WORDS.get(word)
}

function mapOf(reader: Reader, path: Path): Record<string, unknown> {
  const entries: [string, unknown][] = []
  while (!takeMark(reader, '}')) {
    const start = reader.at
    const key = textOf(reader) ?? take(reader, NAME)
    if (key === null || !takeMark(reader, ':')) throw wrong(reader)
    const own = [...path, key]
    reader.offsets.set(JSON.stringify(own), start)
    entries.push([key, valueOf(reader, own)])
    if (takeMark(reader, ',')) continue
    if (!takeMark(reader, '}')) throw wrong(reader)
    break
  }
  return Object.fromEntries(entries)
}

function listOf(reader: Reader, path: Path): unknown[] {
  const elements: unknown[] = []
  while (!takeMark(reader, ']')) {
    const own = [...path, elements.length]
    reader.offsets.set(JSON.stringify(own), reader.at)
    elements.push(valueOf(reader, own))
    if (takeMark(reader, ',')) continue
    if (!takeMark(reader, ']')) throw wrong(reader)
    break
  }
  return elements
}

/** A text in either kind of quotes; null: there is none here. */
function textOf(reader: Reader): string | null {
  skip(reader)
  const quoted = take(reader, DOUBLE) ?? take(reader, SINGLE)
  if (quoted === null) return null
  return quoted
    .slice(1, -1)
    .replace(ESCAPE, (_, unicode: string | undefined, hex: string | undefined, other: string | undefined) =>
      other === undefined
        ? String.fromCharCode(Number.parseInt(unicode ?? hex ?? '', 16))
        : (ESCAPES[other] ?? other),
    )
}

function numberOf(word: string): number {
  const isNegative = word.startsWith('-')
  const value = Number(word.replace(/^[+-]/, ''))
  return isNegative ? -value : value
}
