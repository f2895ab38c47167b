// What is remembered of an instance's client from sweep to sweep: who stood above it at first sight, who of them has ended,
// and since when its end of the wire is closed. Nothing of it is written down.
import type {
  ClientFacts,
  ProcessFact,
  ProcessTable,
  SerenaProcess,
  Sighting,
  WireFacts,
} from '../../facts.ts'

export interface ClientWatch {
  /** Null before the first look, and for instances that do not speak over stdio. */
  facts(): ClientFacts | null
  /** Takes one look. A list that could not be read whole proves nobody's absence and is no look. */
  renew(serena: SerenaProcess, table: ProcessTable, wire: WireFacts): void
  /** Between sweeps: somebody who stood above it is not among these pids any more, or a first look waits to be confirmed. */
  isDue(pids: ReadonlySet<number> | null): boolean
}

/** So long after the first look a second one confirms it. */
export const CONFIRMED_AFTER_MS = 15_000
/** A look that could not be had is not asked for again at every tick. */
const REST_MS = 3_000

/** Watches the client of one instance; `now` is monotonic milliseconds. */
export function createClientWatch(now: () => number): ClientWatch {
  let chain: readonly ProcessFact[] | null = null
  let clientIdentity: string | null = null
  let facts: ClientFacts | null = null
  let lookedAtMs = Number.NEGATIVE_INFINITY

  return {
    facts: () => facts,
    isDue(pids) {
      if (facts === null) return false
      const { both, lost } = facts
      const confirmsAtMs = both && both.sinceMs + CONFIRMED_AFTER_MS
      if (confirmsAtMs !== null && lookedAtMs < confirmsAtMs && now() >= confirmsAtMs) return true
      const isMissing = pids !== null && lost === null && (chain ?? []).some(({ pid }) => !pids.has(pid))
      return isMissing && now() - lookedAtMs >= REST_MS
    },
    renew(serena, table, wire) {
      lookedAtMs = now()
      if (!table.isComplete || serena.isLauncherOnly || serena.command.transport !== 'stdio') return
      if (chain === null) {
        chain = chainAbove(serena, table)
        clientIdentity = serena.client?.identity ?? null
      }
      const ended = chain.filter((one) => hasEnded(one, table))
      const lost = ended.find(({ identity }) => identity === clientIdentity) ?? ended[0] ?? null
      const isGone = serena.client === null || lost !== null
      const nowMs = now()
      const gone = seen(facts?.gone ?? null, isGone, nowMs)
      // A look that could not be had neither confirms nor refutes what was seen before.
      const closed =
        wire.clientEnd === 'unknown'
          ? (facts?.closed ?? null)
          : seen(facts?.closed ?? null, wire.clientEnd === 'closed', nowMs)
      const both =
        wire.clientEnd === 'unknown' && isGone
          ? (facts?.both ?? null)
          : seen(facts?.both ?? null, isGone && closed !== null, nowMs)
      facts = {
        wire,
        wasOpen: wire.clientEnd === 'open' || (facts?.wasOpen ?? false),
        closed,
        gone,
        both,
        lost: lost && { pid: lost.pid, name: lost.name, isClient: lost.identity === clientIdentity },
      }
    },
  }
}

/** From the parent up to the client; where there is no client, the launchers. */
function chainAbove({ process, client, wrappers }: SerenaProcess, table: ProcessTable): ProcessFact[] {
  if (client === null) return [...wrappers]
  const chain: ProcessFact[] = []
  const passed = new Set([process.pid])
  for (let at = table.byPid.get(process.ppid); at && !passed.has(at.pid); at = table.byPid.get(at.ppid)) {
    passed.add(at.pid)
    chain.push(at)
    if (at.identity === client.identity) break
  }
  return chain
}

/** Gone, or another process under its pid, or defunct: a defunct one holds nothing and serves nobody. */
function hasEnded({ pid, identity }: ProcessFact, { byPid }: ProcessTable): boolean {
  const present = byPid.get(pid)
  return present?.identity !== identity || present.runState === 'Z' || present.runState === 'X'
}

function seen(before: Sighting | null, isSeen: boolean, nowMs: number): Sighting | null {
  if (!isSeen) return null
  if (!before) return { sinceMs: nowMs, looks: 1, spanMs: 0 }
  return { sinceMs: before.sinceMs, looks: before.looks + 1, spanMs: nowMs - before.sinceMs }
}
