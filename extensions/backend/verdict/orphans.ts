// Orphans: what the stdio connection of an instance says about its client, by one table. Pure.
//
// | its MCP output                              | verdict                                                              |
// |---------------------------------------------|----------------------------------------------------------------------|
// | provably without a reader                   | orphaned, certain, once two scans 5 s apart agree                    |
// | has a reader, its input has no writer       | disconnected after 10 s; after 60 s also probably orphaned           |
// | read by a process that inherited one end, after the client that was seen has exited | probably orphaned            |
// | has a reader otherwise, visible or not      | healthy                                                              |
// | unknown, the client that was seen has exited | probably orphaned                                                   |
// | unknown otherwise                           | no finding                                                           |
//
// Parents and launchers explain; they do not decide. A client that is not visible is not a client that has exited.
import type { Flag } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { ClientFacts } from '../clients/client-facts.ts'
import type { InstanceFacts } from './instance-facts.ts'

/** `orphaned` requires two scans this far apart: a Serena whose client has exited usually exits within that time. */
export const ORPHAN_SPAN_MS = 5_000
/** Younger instances are not flagged: launchers start and exit while a Serena starts. */
export const FLAGGED_AGE_MS = 60_000
/** A Serena whose input was closed exits within a few seconds. */
export const LEAVING_MS = 10_000
/** A client that closes its end waits 2 s for the Serena to exit (python-sdk). An instance that still runs after this time is abandoned. */
export const DISCONNECTED_MS = 60_000

export interface OrphanFinding {
  isOrphaned: boolean
  flags: Flag[]
  evidence: string[]
}

const NOTHING: OrphanFinding = { isOrphaned: false, flags: [], evidence: [] }

/** Returns what is known about the client of a stdio instance; nothing for any other transport. */
export function findOrphan(facts: InstanceFacts): OrphanFinding {
  const { serena, client, monotonicMs, ageMs } = facts
  if (!serena || !client || serena.command.transport !== 'stdio' || serena.isLauncherOnly) return NOTHING
  const { closed, connection } = client
  if (closed && connection.isProven === true && connection.clientEnd === 'closed')
    return closed.scans >= 2 && closed.spanMs >= ORPHAN_SPAN_MS ? orphaned(facts, client) : NOTHING
  if (client.inputClosed) return disconnected(facts, client.inputClosed.sinceMs)
  if ((ageMs ?? 0) <= FLAGGED_AGE_MS || !isProbable(facts, client)) return NOTHING
  return probably(howClientLeft(facts, client, monotonicMs), ...connection.evidence)
}

function orphaned(facts: InstanceFacts, client: ClientFacts): OrphanFinding {
  const isFinishing = facts.isExecuting === true
  return {
    isOrphaned: true,
    flags: isFinishing ? ['finishing'] : [],
    evidence: [
      ...client.connection.evidence,
      howClientLeft(facts, client, facts.monotonicMs),
      ...(isFinishing ? ['A tool is still running; the instance exits when the tool has finished.'] : []),
    ].filter((sentence) => sentence !== ''),
  }
}

/** Returns whether the observed client exited some time ago and no other process can be a client. */
function isProbable(
  { serena, monotonicMs }: InstanceFacts,
  { connection, exited, closed }: ClientFacts,
): boolean {
  // Where the platform cannot prove that the output has no reader, an inferred exit counts as one that was seen.
  const since = exited ?? (connection.isProven === true ? null : closed)
  if (since === null || monotonicMs - since.sinceMs < LEAVING_MS) return false
  if (connection.clientEnd === 'open' && !connection.holder) return false
  if (connection.holder?.hasBothEnds === true || connection.holder?.isAncestor === true) return false
  return exited !== null || serena?.client === null
}

/** The input no longer has a writer: the instance reads an end of file and is expected to exit. */
function disconnected({ serena, monotonicMs }: InstanceFacts, sinceMs: number): OrphanFinding {
  const forMs = monotonicMs - sinceMs
  if (forMs < LEAVING_MS) return NOTHING
  const client = serena?.client
  const subject = client ? `Its client (${client.name}, process ${client.pid}) is running, but` : 'Its client'
  return {
    isOrphaned: false,
    flags: forMs >= DISCONNECTED_MS ? ['disconnected', 'probably-orphaned'] : ['disconnected'],
    evidence: [`${subject} closed its MCP connection ${formatSpan(forMs)} ago.`],
  }
}

const probably = (...evidence: string[]): OrphanFinding => ({
  isOrphaned: false,
  flags: ['probably-orphaned'],
  evidence: evidence.filter((sentence) => sentence !== ''),
})

/** Returns a sentence that explains the verdict; empty if nothing is known. */
function howClientLeft(
  { serena }: InstanceFacts,
  { exitedProcess, exited, closed }: ClientFacts,
  monotonicMs: number,
): string {
  if (exitedProcess?.isClient) {
    const agoMs = monotonicMs - (exited?.sinceMs ?? monotonicMs)
    return `Its client (${exitedProcess.name}, process ${exitedProcess.pid}) exited ${formatSpan(agoMs)} ago.`
  }
  const client = serena?.client
  if (client && serena?.isClientSeen === true)
    return `Its client (${client.name}, process ${client.pid}) is running, but closed its MCP connection.`
  if (exitedProcess)
    return `The process that started it (${exitedProcess.name}, process ${exitedProcess.pid}) has exited.`
  if (serena?.reaper) {
    const { pid, name } = serena.reaper
    return `Its client has exited; its parent is now ${name}${pid <= 1 ? '' : ` (process ${pid})`}.`
  }
  return closed && client
    ? `Its parent is ${client.name} (process ${client.pid}), which does not read its output.`
    : ''
}
