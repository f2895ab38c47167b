// Which entries a rule has to judge. Pure.
import type { DoctorFacts, EntryFact } from './facts.ts'

/** Returns the entries that their clients may start, each once: not those that are off, ignored, or read from another client's file. */
export const activeEntries = ({ entries }: DoctorFacts): readonly EntryFact[] =>
  entries.filter((fact) => mayStart(fact) && fact.entry.owner === undefined)

/** Returns the active entries that start a Serena, and not those that connect to a URL. */
export const startingEntries = (facts: DoctorFacts): readonly EntryFact[] =>
  activeEntries(facts).filter(({ argv }) => argv.length > 0)

/** Whether a client may start this entry, or connect to it. */
export const mayStart = ({ entry }: EntryFact): boolean =>
  entry.enabled !== false && entry.ignored === undefined

/** Returns the entries in groups with equal keys; a null key belongs to no group. */
export function groupsBy(
  entries: readonly EntryFact[],
  keyOf: (fact: EntryFact) => string | null,
): readonly (readonly [key: string, facts: readonly EntryFact[]])[] {
  const groups = new Map<string, EntryFact[]>()
  for (const fact of entries) {
    const key = keyOf(fact)
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), fact])
  }
  return [...groups]
}

/** Returns `Codex`, `Codex and Cursor`, `Codex, Cursor and Zed`. */
export function joined(words: readonly string[]): string {
  const all = [...new Set(words)]
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`
}
