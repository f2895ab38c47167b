// What one round found: plain data.
import type { HelperProcess } from '#contract/helper-process'
import type { Notice } from '#contract/instance'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { Inside, JoinedEntry } from '../registry/join-registry.ts'
import type { RegistryEntry, RegistryReading } from '../registry/registry-entry.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { LeftTree } from './leftovers.ts'
import type { Track } from './track.ts'
import type { TreeUsage } from './usage.ts'

export interface RoundFacts {
  /** The Serenas that are shown. */
  serenas: readonly SerenaProcess[]
  left: readonly LeftTree[]
  /** Every process of the trees that were found, whether they are shown or not. */
  known: ReadonlySet<ProcessIdentity>
  joined: readonly JoinedEntry[]
  /** The registry entries of each Serena. */
  entriesOf: ReadonlyMap<ProcessIdentity, readonly RegistryEntry[]>
  /** Problems of the registry files. */
  problems: readonly string[]
  serenaHomes: readonly string[]
  notices: readonly Notice[]
  /** Of each Serena by its identity, of each left tree by its id. */
  usages: ReadonlyMap<string, TreeUsage>
  helperProcesses: readonly HelperProcess[]
  sweptAtMs: number
}

export const emptyRound = (sweptAtMs: number): RoundFacts => ({
  serenas: [],
  left: [],
  known: new Set(),
  joined: [],
  entriesOf: new Map(),
  problems: [],
  serenaHomes: [],
  notices: [],
  usages: new Map(),
  helperProcesses: [],
  sweptAtMs,
})

/** Returns the entries of each Serena, in the order of the files. */
export function entriesBySerena(
  joined: readonly JoinedEntry[],
): ReadonlyMap<ProcessIdentity, readonly RegistryEntry[]> {
  const entries = new Map<ProcessIdentity, RegistryEntry[]>()
  for (const { entry, serena } of joined) {
    if (!serena) continue
    const { identity } = serena.process
    entries.set(identity, [...(entries.get(identity) ?? []), entry])
  }
  return entries
}

/** Returns the Serenas in sandboxes, by identity. */
export function insideOf(tracks: readonly Track[]): Map<ProcessIdentity, Inside> {
  const inside = tracks.flatMap(({ serena, home: { details, serenaHome } }) =>
    details?.inner ? [[serena.process.identity, { ...details.inner, serenaHome }] as const] : [],
  )
  return new Map(inside)
}

/** Returns what the user needs to know about the platform and the registry files. */
export function noticesOf({ problems }: RegistryReading, sourceNotice: string | null): Notice[] {
  const own: Notice[] =
    sourceNotice === null ? [] : [{ id: 'processes', level: 'warning', text: sourceNotice }]
  const ofFiles = problems.map(
    ({ file, text }): Notice => ({ id: `registry:${file}:${text}`, level: 'warning', text }),
  )
  return [...own, ...ofFiles]
}
