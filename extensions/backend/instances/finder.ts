// Which Serenas are running, and which of them are shown: by their command lines and by their connections.
import { createConnections } from '../clients/connections.ts'
import type { ConnectionFacts, ConnectionHints } from '../os/connection-facts.ts'
import type { ProcessSource, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { HomeScope } from './home-scope.ts'
import { joinTracked } from './join-remotes.ts'
import { createKeptConnections } from './kept-connections.ts'
import { createSpentLaunchers } from './spent-launchers.ts'
import { type RoundTime, unreadAmong } from './track.ts'
import type { Tracks } from './tracks.ts'

export interface FinderDeps {
  source: Pick<ProcessSource, 'connection' | 'hasLostReader'>
  findSerenas: (table: ProcessTable, connections: ConnectionHints) => readonly SerenaProcess[]
  scope: HomeScope
  tracks: Tracks
}

export interface Found {
  table: ProcessTable
  /** All. */
  serenas: readonly SerenaProcess[]
  /** Those in scope, bridges joined. */
  shown: readonly SerenaProcess[]
}

export interface Finder {
  /** Finds the Serenas, and updates their tracks. */
  find(table: ProcessTable, time: RoundTime): Promise<Found>
  /** Launchers and clients, by the connections of the instances. */
  hints(): ConnectionHints
  connectionOf(identity: ProcessIdentity): ConnectionFacts
}

/** Remembers the connections of the last round. */
export function createFinder({ source, findSerenas, scope, tracks }: FinderDeps): Finder {
  const kept = createKeptConnections(source, (identity) => tracks.of(identity)?.isKept === true)
  const connections = createConnections(kept)
  const launchers = createSpentLaunchers()
  const isShown = ({ process }: SerenaProcess): boolean =>
    scope.isInScope(tracks.of(process.identity)?.home.serenaHome ?? null)

  function findAll(table: ProcessTable, nowMs: number): readonly SerenaProcess[] {
    const found = launchers.without(findSerenas(table, connections.hints()), nowMs)
    return [...found, ...unreadAmong(tracks.all(), found, table)]
  }

  return {
    hints: connections.hints,
    connectionOf: connections.of,
    async find(table, time) {
      kept.begin(table)
      let serenas = findAll(table, time.nowMs)
      await tracks.renew(serenas, time)
      // A connection seen for the first time identifies launchers and clients that their names do not.
      if (await connections.scan(serenas.filter(isShown))) serenas = findAll(table, time.nowMs)
      return { table, serenas, shown: joinTracked(serenas.filter(isShown), tracks.of, table) }
    },
  }
}
