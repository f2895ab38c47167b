// The keys of a YAML file that a user wrote. Pure.
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'

/** More than any configuration needs: a few lines of aliases can mean gigabytes. */
const MAX_ALIASES = 100

/**
 * `keys`: the top-level keys, empty for an empty file; a Map has no inherited keys, whatever the file names. Else `problem`:
 * a sentence why there are none, which never quotes the file (it may hold a secret); `words` are the parser's own, which do.
 */
export type YamlMapping = { keys: ReadonlyMap<unknown, unknown> } | { problem: string; words: string | null }

/** Reads the text. Never throws. */
export function readYamlMapping(text: string): YamlMapping {
  try {
    const lineCounter = new LineCounter()
    // The parser compares each key with each other one: seconds for a long file.
    // With each error it would also look up the line: minutes for a file of nothing but errors.
    const document = parseDocument(text, {
      logLevel: 'silent',
      lineCounter,
      uniqueKeys: false,
      prettyErrors: false,
    })
    const [error] = document.errors
    if (error) {
      const where = whereOf(lineCounter.linePos(error.pos[0]))
      return {
        problem: `It is not valid YAML${where}.`,
        words: `${error.message.split('\n')[0] ?? ''}${where}`,
      }
    }
    const second = secondOf(document)
    if (second !== null)
      return {
        problem: `It is not valid YAML${whereOf(lineCounter.linePos(second))}.`,
        words: 'Map keys must be unique',
      }
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES })
    if (value instanceof Map) return { keys: value }
    if (value === null || value === undefined) return { keys: new Map() }
    return { problem: 'It is not a mapping of keys to values.', words: null }
  } catch {
    // Only here does the parser resolve aliases.
    return { problem: 'It cannot be read: an alias in it is undefined, or expands to too much.', words: null }
  }
}

/** The position of the first duplicate top-level key; null: there is none. */
function secondOf({ contents }: Document): number | null {
  const seen = new Set<unknown>()
  for (const { key } of isMap(contents) ? contents.items : []) {
    if (!isScalar(key)) continue
    if (seen.has(key.value)) return key.range?.[0] ?? 0
    seen.add(key.value)
  }
  return null
}

const whereOf = (at: { line: number; col: number } | undefined): string =>
  at ? ` (line ${at.line}, column ${at.col})` : ''
