// Changes of single words of an entry's command line, as changes of its file. Pure.
import { commandChange } from '../clients/configs/command-change.ts'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import type { FileFix } from './diagnosis.ts'
import type { EntryFact } from './facts.ts'

/** Returns the fix of the file of an entry; none if a change is not possible in its shape. */
export const fixOf = ({ entry }: EntryFact, changes: readonly ConfigChange[] | null): readonly FileFix[] =>
  changes === null || changes.length === 0 ? [] : [{ file: entry.file, format: entry.format, changes }]

export interface FoundFlag {
  value: string
  /** Of `argv`: the flag, and its value (the same for `--flag=value`). */
  flagAt: number
  valueAt: number
}

/** Returns the last use of an option of Serena; null: it is not given. */
export function flagOf({ argv, serenaFrom }: EntryFact, ...names: readonly string[]): FoundFlag | null {
  if (serenaFrom === null) return null
  for (let at = argv.length - 1; at >= serenaFrom; at--) {
    const word = argv[at] ?? ''
    const name = names.find((one) => word === one || word.startsWith(`${one}=`))
    if (name === undefined) continue
    if (word !== name) return { value: word.slice(name.length + 1), flagAt: at, valueAt: at }
    const value = argv[at + 1]
    if (value !== undefined) return { value, flagAt: at, valueAt: at + 1 }
  }
  return null
}

/** Returns the changes that give an option another value; null: not possible. */
export function withValue(
  fact: EntryFact,
  { flagAt, valueAt }: FoundFlag,
  value: string,
): ConfigChange[] | null {
  const path = fact.places[valueAt]
  if (path === null || path === undefined) return null
  const name = fact.argv[flagAt]?.split('=')[0] ?? ''
  return [{ kind: 'set', path, value: flagAt === valueAt ? `${name}=${value}` : value }]
}

/** Returns the changes that remove these words, the last one first so that the places of the others stay valid; null: not possible. */
export function without({ places }: EntryFact, indexes: readonly number[]): ConfigChange[] | null {
  const changes: ConfigChange[] = []
  for (const index of [...new Set(indexes)].sort((a, b) => b - a)) {
    const path = places[index]
    if (path === null || path === undefined || typeof path.at(-1) !== 'number') return null
    changes.push({ kind: 'remove', path })
  }
  return changes
}

/** Returns the words of an option and its value. */
export const wordsOf = ({ flagAt, valueAt }: FoundFlag): readonly number[] =>
  flagAt === valueAt ? [flagAt] : [flagAt, valueAt]

/** Returns the changes that add words to the end of the command line; null: not possible. */
export function withAppended({ argv, places }: EntryFact, words: readonly string[]): ConfigChange[] | null {
  const path = places[argv.length - 1]
  if (path === null || path === undefined || typeof path.at(-1) !== 'number') return null
  return words.map((value) => ({ kind: 'append', path: path.slice(0, -1), value }))
}

/** Returns the changes that replace the whole command line; null: the shape is not known, or a part of it is a script. */
export const withCommand = (fact: EntryFact, argv: readonly string[]): ConfigChange[] | null =>
  !fact.isOneString && fact.places.includes(null) ? null : commandChange(fact.entry, fact.raw, argv)
