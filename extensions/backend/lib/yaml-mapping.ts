// The keys of a YAML file that a person wrote. Pure.
import { parseDocument } from 'yaml'

/** More than any configuration needs: a few lines of aliases can mean gigabytes. */
const MAX_ALIASES = 100

/**
 * `keys`: what stands at the top, empty for an empty file; a Map has no inherited keys, whatever the file names. Else `problem`:
 * a sentence why there are none, which never quotes the file (it may hold a secret); `words` are the parser's own, which do.
 */
export type YamlMapping = { keys: ReadonlyMap<unknown, unknown> } | { problem: string; words: string | null }

/** Reads the text. Never throws. */
export function readYamlMapping(text: string): YamlMapping {
  try {
    const document = parseDocument(text, { logLevel: 'silent' })
    const [error] = document.errors
    if (error)
      return {
        problem: `It is no YAML${whereOf(error.linePos?.[0])}.`,
        words: error.message.split('\n')[0] ?? null,
      }
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES })
    if (value instanceof Map) return { keys: value }
    if (value === null || value === undefined) return { keys: new Map() }
    return { problem: 'It is no list of keys with values.', words: null }
  } catch {
    // Only here does the parser look at what an alias stands for.
    return { problem: 'It cannot be read: an alias in it means nothing, or too much.', words: null }
  }
}

const whereOf = (at: { line: number; col: number } | undefined): string =>
  at ? ` (line ${at.line}, column ${at.col})` : ''
