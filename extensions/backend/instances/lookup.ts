// The lookups of the last round, for other modules.
import type { ConnectionHints } from '../os/connection-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { entryId } from '../registry/entry-id.ts'
import type { JoinedEntry } from '../registry/join-registry.ts'
import type { EntryStatus, RegistryEntry } from '../registry/registry-entry.ts'
import { realFolder } from '../serena/home-of-instance.ts'
import type { HomeScope } from './home-scope.ts'
import type { LeftTree } from './leftovers.ts'
import type { Round } from './round.ts'
import type { Track } from './track.ts'
import type { Tracks } from './tracks.ts'

export interface Lookup {
  /** The tracks of the Serenas that are running and shown. */
  tracks(): readonly Track[]
  /** The track of an instance by its id; null: there is none, or no longer. */
  find(id: string): Track | null
  /** The registry entry that is listed as an instance because its process exited; null: no such id. */
  findLeft(id: string): { entry: RegistryEntry; status: EntryStatus } | null
  /** What an exited Serena left behind, by its id; null: no such id. */
  findLeftTree(id: string): LeftTree | null
  /** Every registry entry with its status, and the problems of the files. */
  registry(): { joined: readonly JoinedEntry[]; problems: readonly string[] }
  /** The SERENA_HOME of a process; null: not known. */
  homeOf(identity: ProcessIdentity): string | null
  isInScope(serenaHome: string): boolean
  /** Launchers and clients, by the connections of the instances. */
  connections(): ConnectionHints
  /** True for every process of the trees that were found, whether they are shown or not. */
  isKnown(identity: ProcessIdentity): boolean
}

/** Reads the last round; remembers nothing. */
export function makeLookup(
  { latest, connections }: Pick<Round, 'latest' | 'connections'>,
  tracks: Tracks,
  scope: HomeScope,
): Lookup {
  return {
    tracks: () => latest().serenas.flatMap(({ process }) => tracks.of(process.identity) ?? []),
    find(id) {
      const track = tracks.find(id)
      return track && scope.isInScope(track.home.serenaHome) ? track : null
    },
    findLeft(id) {
      for (const { entry, status } of latest().joined)
        if (status && entryId(entry) === id) return { entry, status }
      return null
    },
    findLeftTree: (id) => latest().left.find((one) => one.id === id) ?? null,
    registry: latest,
    homeOf: (identity) => tracks.of(identity)?.home.serenaHome ?? null,
    isInScope: (home) => scope.isInScope(realFolder(home)),
    connections,
    isKnown: (identity) => latest().known.has(identity),
  }
}
