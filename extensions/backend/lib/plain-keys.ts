// Top-level keys of a YAML file in their plainest form, read without a YAML parser: `wrap` runs before every start of a Serena and
// must stay small. Anything else is left to the parser. Pure.

export type PlainValue = string | number | boolean

/** `key: value` at the beginning of a line; the value a word, a number or a text in quotes without escapes. */
const LINE = /^([A-Za-z_]\w*):(?:[ \t]+(?:"([^"\\]*)"|'([^']*)'|([\w.-]+)))?(?:[ \t]+(?:#.*)?)?$/
/** A valid beginning of a line of a block mapping. */
const PLAIN_START = /^(?:$|[ \t#-]|[A-Za-z_][\w -]*:(?:[ \t]|$))/
const WORD = /^[A-Za-z][\w-]*$/
/** Lines between two keys of a stock file; beyond it the parser decides. */
const LONGEST_COMMENT = 100
const NOT_A_TEXT = /^(true|false|null|yes|no|on|off|y|n)$/i

/** Returns the values of those of `keys` that are in the text and not null; null: only a parser can read it. */
export function readPlainKeys(text: string, keys: readonly string[]): ReadonlyMap<string, PlainValue> | null {
  const found = new Map<string, PlainValue>()
  const named = keys.filter((key) => new RegExp(`\\b${key}\\b`).test(text))
  if (named.length === 0) return found
  const empty = new Set<string>()
  const lines = text.split(/\r?\n/)
  for (const [at, line] of lines.entries()) {
    if (!PLAIN_START.test(line) || line.startsWith('---')) return null
    const key = named.find((one) => new RegExp(`\\b${one}\\b`).test(line))
    if (key === undefined || /^[ \t]*#/.test(line)) continue
    const [, name, double, single, plain] = LINE.exec(line) ?? []
    if (name !== key || found.has(key) || empty.has(key)) return null
    if (plain === 'null' || (isEmpty(line) && isFollowedByKey(lines, at))) {
      empty.add(key)
      continue
    }
    const value = double ?? single ?? valueOf(plain)
    if (value === null) return null
    found.set(key, value)
  }
  return found
}

const isEmpty = (line: string): boolean => /:[ \t]*(?:[ \t]#.*)?$/.test(line)

/** Whether the value ends with its line: what follows, but for comments, is a key of the top or nothing. */
function isFollowedByKey(lines: readonly string[], at: number): boolean {
  const next = lines.slice(at + 1, at + 1 + LONGEST_COMMENT).find((line) => !/^[ \t]*(?:#.*)?$/.test(line))
  return next === undefined ? lines.length - at <= LONGEST_COMMENT : /^[A-Za-z_]/.test(next)
}

function valueOf(plain: string | undefined): PlainValue | null {
  if (plain === undefined) return null
  if (plain === 'true' || plain === 'false') return plain === 'true'
  if (/^(0|[1-9]\d{0,8})(\.\d{1,6})?$/.test(plain)) return Number(plain)
  return WORD.test(plain) && !NOT_A_TEXT.test(plain) ? plain : null
}
