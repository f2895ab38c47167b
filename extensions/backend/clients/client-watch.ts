// Remembers an instance's client between scans: which processes were between the two at the first scan, which of them has exited, and
// since when its MCP output has no reader. In memory only.

import { ancestorsOf } from '../os/ancestors.ts'
import type { ConnectionFacts } from '../os/connection-facts.ts'
import { isDefunct } from '../os/defunct.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { ClientFacts, Sighting } from './client-facts.ts'

export interface ClientWatch {
  /** Null before the first scan, and for instances without stdio. */
  facts(): ClientFacts | null
  /** Takes one scan. An incomplete process list proves no absence, and is ignored. */
  update(serena: SerenaProcess, table: ProcessTable, connection: ConnectionFacts): void
  /**
   * Between scans: true if a process of the chain is not among these pids, if the output has lost its reader (`hasLostReader` is
   * called only while it had one), or if a first scan is due to be confirmed.
   */
  isDue(pids: ReadonlySet<number> | null, hasLostReader: () => boolean): boolean
  /** Milliseconds until a first scan is due to be confirmed; null: none is pending. */
  confirmsInMs(): number | null
}

/** A Serena whose client has exited usually exits within this time: until then it is not reported. */
export const CONFIRMED_AFTER_MS = 5_500
/** After a scan without a result, the next one is not due at every tick. */
const REST_MS = 3_000

/** Watches the client of one instance; `now` is monotonic milliseconds. */
export function createClientWatch(now: () => number): ClientWatch {
  let chain: readonly ProcessFact[] | null = null
  let clientIdentity: string | null = null
  let facts: ClientFacts | null = null
  let scannedAtMs = Number.NEGATIVE_INFINITY

  function confirmsAtMs(): number | null {
    if (!facts?.closed) return null
    const atMs = facts.closed.sinceMs + CONFIRMED_AFTER_MS
    return scannedAtMs < atMs ? atMs : null
  }

  return {
    facts: () => facts,
    isDue(pids, hasLostReader) {
      if (facts === null) return false
      const atMs = confirmsAtMs()
      if (atMs !== null && now() >= atMs) return true
      if (facts.closed === null && hasLostReader()) return true
      const isMissing =
        pids !== null && facts.exitedProcess === null && (chain ?? []).some(({ pid }) => !pids.has(pid))
      return isMissing && now() - scannedAtMs >= REST_MS
    },
    confirmsInMs() {
      const atMs = confirmsAtMs()
      return atMs === null ? null : Math.max(0, atMs - now())
    },
    update(serena, table, connection) {
      scannedAtMs = now()
      if (!table.isComplete || serena.isLauncherOnly || serena.command.transport !== 'stdio') return
      // A client that is first seen now replaces the presumed one, as does a client that has taken over.
      const seen = serena.isClientSeen === true ? serena.client : null
      if (chain === null || (seen !== null && seen.identity !== clientIdentity)) {
        chain = chainAbove(serena, table)
        clientIdentity = seen?.identity ?? null
      }
      const ended = chain.filter((one) => hasEnded(one, table))
      const lost = ended.find(({ identity }) => identity === clientIdentity) ?? ended[0] ?? null
      const isClientLost = lost !== null && lost.identity === clientIdentity
      const nowMs = now()
      // A scan without a result neither confirms nor refutes the one before.
      const isUnknown = connection.clientEnd === 'unknown'
      facts = {
        connection,
        closed: isUnknown
          ? (facts?.closed ?? null)
          : sightingOf(facts?.closed ?? null, connection.clientEnd === 'closed', nowMs),
        inputClosed: isUnknown
          ? (facts?.inputClosed ?? null)
          : sightingOf(facts?.inputClosed ?? null, connection.isInputClosed === true, nowMs),
        exited: sightingOf(facts?.exited ?? null, isClientLost, nowMs),
        exitedProcess: lost && { pid: lost.pid, name: lost.name, isClient: isClientLost },
      }
    },
  }
}

/** Returns the processes from the parent up to the client; if the client is not an ancestor, the launchers and the client. */
function chainAbove({ process, client, wrappers }: SerenaProcess, table: ProcessTable): ProcessFact[] {
  if (client === null) return [...wrappers]
  const ancestors = ancestorsOf(process.pid, table)
  const end = ancestors.findIndex(({ identity }) => identity === client.identity)
  return end < 0 ? [...wrappers, client] : ancestors.slice(0, end + 1)
}

/** True if it has exited, if its pid is another process now, or if it is defunct: a defunct process has no open files. */
function hasEnded({ pid, identity }: ProcessFact, { byPid }: ProcessTable): boolean {
  const present = byPid.get(pid)
  return present?.identity !== identity || isDefunct(present)
}

function sightingOf(before: Sighting | null, isSeen: boolean, nowMs: number): Sighting | null {
  if (!isSeen) return null
  if (!before) return { sinceMs: nowMs, scans: 1, spanMs: 0 }
  return { sinceMs: before.sinceMs, scans: before.scans + 1, spanMs: nowMs - before.sinceMs }
}
