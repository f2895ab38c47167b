// What is remembered of an instance's client from round to round: which processes were between the two at first sight, which of them
// has exited, and since when its MCP output has no reader. Nothing of it is written down.
import type { ClientFacts, ProcessFact, ProcessTable, SerenaProcess, Sighting } from '../../facts.ts'
import type { WireFacts } from '../../os/connection-facts.ts'

export interface ClientWatch {
  /** Null before the first look, and for instances that do not speak over stdio. */
  facts(): ClientFacts | null
  /** Takes one look. A list that could not be read whole proves no absence and is no look. */
  renew(serena: SerenaProcess, table: ProcessTable, wire: WireFacts): void
  /**
   * Between rounds: a process of the chain is not among these pids any more, the output has lost its reader (`hasLostReader` is
   * asked only while that is news), or a first look is due to be confirmed.
   */
  isDue(pids: ReadonlySet<number> | null, hasLostReader: () => boolean): boolean
  /** Milliseconds until a first look is due to be confirmed; null: none waits. */
  confirmsInMs(): number | null
}

/** A Serena whose client has exited usually exits by itself within so long: until then nothing is said. */
export const CONFIRMED_AFTER_MS = 5_500
/** A look that could not be had is not asked for again at every tick. */
const REST_MS = 3_000

/** Watches the client of one instance; `now` is monotonic milliseconds. */
export function createClientWatch(now: () => number): ClientWatch {
  let chain: readonly ProcessFact[] | null = null
  let clientIdentity: string | null = null
  let facts: ClientFacts | null = null
  let lookedAtMs = Number.NEGATIVE_INFINITY

  function confirmsAtMs(): number | null {
    if (!facts?.closed) return null
    const atMs = facts.closed.sinceMs + CONFIRMED_AFTER_MS
    return lookedAtMs < atMs ? atMs : null
  }

  return {
    facts: () => facts,
    isDue(pids, hasLostReader) {
      if (facts === null) return false
      const atMs = confirmsAtMs()
      if (atMs !== null && now() >= atMs) return true
      if (facts.closed === null && hasLostReader()) return true
      const isMissing =
        pids !== null && facts.lost === null && (chain ?? []).some(({ pid }) => !pids.has(pid))
      return isMissing && now() - lookedAtMs >= REST_MS
    },
    confirmsInMs() {
      const atMs = confirmsAtMs()
      return atMs === null ? null : Math.max(0, atMs - now())
    },
    renew(serena, table, wire) {
      lookedAtMs = now()
      if (!table.isComplete || serena.isLauncherOnly || serena.command.transport !== 'stdio') return
      // A client that comes to be seen later replaces the one that was presumed, as does one that took over.
      const seen = serena.isClientSeen === true ? serena.client : null
      if (chain === null || (seen !== null && seen.identity !== clientIdentity)) {
        chain = chainAbove(serena, table)
        clientIdentity = seen?.identity ?? null
      }
      const ended = chain.filter((one) => hasEnded(one, table))
      const lost = ended.find(({ identity }) => identity === clientIdentity) ?? ended[0] ?? null
      const isClientLost = lost !== null && lost.identity === clientIdentity
      const nowMs = now()
      // A look that could not be had neither confirms nor refutes what was seen before.
      const isUnknown = wire.clientEnd === 'unknown'
      facts = {
        wire,
        closed: isUnknown
          ? (facts?.closed ?? null)
          : sightingOf(facts?.closed ?? null, wire.clientEnd === 'closed', nowMs),
        inputClosed: isUnknown
          ? (facts?.inputClosed ?? null)
          : sightingOf(facts?.inputClosed ?? null, wire.isInputClosed === true, nowMs),
        gone: sightingOf(facts?.gone ?? null, isClientLost, nowMs),
        lost: lost && { pid: lost.pid, name: lost.name, isClient: isClientLost },
      }
    },
  }
}

/** From the parent up to the client; where the client does not stand above, the launchers and the client. */
function chainAbove({ process, client, wrappers }: SerenaProcess, table: ProcessTable): ProcessFact[] {
  if (client === null) return [...wrappers]
  const chain: ProcessFact[] = []
  const passed = new Set([process.pid])
  for (let at = table.byPid.get(process.ppid); at && !passed.has(at.pid); at = table.byPid.get(at.ppid)) {
    passed.add(at.pid)
    chain.push(at)
    if (at.identity === client.identity) return chain
  }
  return [...wrappers, client]
}

/** Gone, or another process under its pid, or defunct: a defunct one holds nothing and serves nothing. */
function hasEnded({ pid, identity }: ProcessFact, { byPid }: ProcessTable): boolean {
  const present = byPid.get(pid)
  return present?.identity !== identity || present.runState === 'Z' || present.runState === 'X'
}

function sightingOf(before: Sighting | null, isSeen: boolean, nowMs: number): Sighting | null {
  if (!isSeen) return null
  if (!before) return { sinceMs: nowMs, looks: 1, spanMs: 0 }
  return { sinceMs: before.sinceMs, looks: before.looks + 1, spanMs: nowMs - before.sinceMs }
}
