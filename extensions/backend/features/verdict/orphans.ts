// Orphans: what the stdio connection of an instance says about its client, by one table. Pure.
//
// | its MCP output                              | verdict                                                              |
// |---------------------------------------------|----------------------------------------------------------------------|
// | provably without a reader                   | orphaned, certain, once two looks 5 s apart agree                    |
// | has a reader, its input has no writer       | disconnected after 10 s; after 60 s also probably orphaned           |
// | read by a process that inherited one end, after the client that was seen has exited | probably orphaned            |
// | has a reader otherwise, visible or not      | healthy                                                              |
// | cannot be judged, the client that was seen has exited | probably orphaned                                          |
// | cannot be judged otherwise                  | nothing is said                                                      |
//
// Parents and launchers explain; they do not decide. A client that cannot be seen is not a client that has exited.
import type { Flag } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { ClientFacts, InstanceFacts } from '../../facts.ts'

/** `orphaned` needs two looks so far apart: a Serena whose client has exited usually exits by itself within that time. */
export const ORPHAN_SPAN_MS = 5_000
/** Younger ones are not flagged: a start has parents that come and go. */
export const FLAGGED_AGE_MS = 60_000
/** A Serena whose input was closed exits by itself within a few seconds. */
export const LEAVING_MS = 10_000
/** A client that closed its end gives a Serena 2 s to exit (python-sdk): after so long it has forgotten it. */
export const DISCONNECTED_MS = 60_000

export interface OrphanFinding {
  isOrphaned: boolean
  flags: Flag[]
  evidence: string[]
}

const NOTHING: OrphanFinding = { isOrphaned: false, flags: [], evidence: [] }

/** What can be said of the client of an instance that speaks over stdio; nothing of any other. */
export function findOrphan(facts: InstanceFacts): OrphanFinding {
  const { serena, client, monotonicMs, ageMs } = facts
  if (!serena || !client || serena.command.transport !== 'stdio' || serena.isLauncherOnly) return NOTHING
  const { closed, wire } = client
  if (closed && wire.isProven === true && wire.clientEnd === 'closed')
    return closed.looks >= 2 && closed.spanMs >= ORPHAN_SPAN_MS ? orphaned(facts, client) : NOTHING
  if (client.inputClosed) return disconnected(facts, client.inputClosed.sinceMs)
  if ((ageMs ?? 0) <= FLAGGED_AGE_MS || !isProbable(facts, client)) return NOTHING
  return probably(howClientLeft(facts, client, monotonicMs), ...wire.evidence)
}

function orphaned(facts: InstanceFacts, client: ClientFacts): OrphanFinding {
  const isFinishing = facts.isExecuting === true
  return {
    isOrphaned: true,
    flags: isFinishing ? ['finishing'] : [],
    evidence: [
      ...client.wire.evidence,
      howClientLeft(facts, client, facts.monotonicMs),
      ...(isFinishing ? ['A tool is still running; the instance exits when it is done.'] : []),
    ].filter((sentence) => sentence !== ''),
  }
}

/** The client that was seen has exited some time ago, and no process that looks like another client is seen. */
function isProbable({ serena, monotonicMs }: InstanceFacts, { wire, gone, closed }: ClientFacts): boolean {
  // Where the platform cannot prove it, what is inferred counts as much as an exit that was seen.
  const since = gone ?? (wire.isProven === true ? null : closed)
  if (since === null || monotonicMs - since.sinceMs < LEAVING_MS) return false
  if (wire.clientEnd === 'open' && !wire.holder) return false
  if (wire.holder?.hasBothEnds === true || wire.holder?.isAncestor === true) return false
  return gone !== null || serena?.client === null
}

/** The input has no writer any more: the instance reads an end of file and is expected to exit. */
function disconnected({ serena, monotonicMs }: InstanceFacts, sinceMs: number): OrphanFinding {
  const forMs = monotonicMs - sinceMs
  if (forMs < LEAVING_MS) return NOTHING
  const client = serena?.client
  const what = client ? `Its client (${client.name}, process ${client.pid}) is running, but` : 'Its client'
  return {
    isOrphaned: false,
    flags: forMs >= DISCONNECTED_MS ? ['disconnected', 'probably-orphaned'] : ['disconnected'],
    evidence: [`${what} closed its MCP connection ${formatSpan(forMs)} ago.`],
  }
}

const probably = (...evidence: string[]): OrphanFinding => ({
  isOrphaned: false,
  flags: ['probably-orphaned'],
  evidence: evidence.filter((sentence) => sentence !== ''),
})

/** Explains; empty where nothing is known. */
function howClientLeft(
  { serena }: InstanceFacts,
  { lost, gone, closed }: ClientFacts,
  monotonicMs: number,
): string {
  if (lost?.isClient)
    return `Its client (${lost.name}, process ${lost.pid}) exited ${formatSpan(monotonicMs - (gone?.sinceMs ?? monotonicMs))} ago.`
  const client = serena?.client
  if (client && serena?.isClientSeen === true)
    return `Its client (${client.name}, process ${client.pid}) is running, but closed its MCP connection.`
  if (lost) return `The process that started it (${lost.name}, process ${lost.pid}) has exited.`
  if (serena?.process.ppid === 1) return 'Its client has exited; its parent is now init.'
  return closed && client
    ? `Its parent is ${client.name} (process ${client.pid}), which does not read it.`
    : ''
}
