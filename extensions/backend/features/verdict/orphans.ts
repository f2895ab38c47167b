// Orphans: what the client and its wire say of an instance, by one table. Pure.
//
// | its client                | its end of the wire | verdict                                                       |
// |---------------------------|---------------------|---------------------------------------------------------------|
// | lives                     | open or not known   | healthy                                                       |
// | gone                      | closed              | orphaned, certain: two looks >= 15 s apart, older than 60 s   |
// | gone                      | open or not known   | probably orphaned                                             |
// | lives                     | closed              | disconnected; after 60 s also probably orphaned               |
//
// Gone: no live client stands above it, or somebody who stood there at first sight has ended.
import type { Flag } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { ClientFacts, InstanceFacts } from '../../facts.ts'

/** `orphaned` needs two looks so far apart. */
export const ORPHAN_SPAN_MS = 15_000
/** Younger ones are not judged: a start has parents that come and go. */
export const ORPHAN_AGE_MS = 60_000
/** A client that closed its end gives a Serena 2 s to leave (python-sdk): after so long it has forgotten it. */
export const DISCONNECTED_MS = 60_000

/** A Serena whose client just ended leaves by itself, in 1 to 5 s: so long nothing is said of it. */
export const LEAVING_MS = 10_000

export interface OrphanFinding {
  isOrphaned: boolean
  flags: Flag[]
  evidence: string[]
}

const NOTHING: OrphanFinding = { isOrphaned: false, flags: [], evidence: [] }

/** What can be said of the client of an instance that speaks over stdio; nothing of any other. */
export function findOrphan(facts: InstanceFacts): OrphanFinding {
  const { serena, client, ageMs, monotonicMs } = facts
  if (!serena || !client || serena.command.transport !== 'stdio' || serena.isLauncherOnly) return NOTHING
  const isOldEnough = (ageMs ?? 0) > ORPHAN_AGE_MS
  const isLongEnough = client.both !== null && client.both.looks >= 2 && client.both.spanMs >= ORPHAN_SPAN_MS
  if (isLongEnough && isOldEnough)
    return {
      isOrphaned: true,
      flags: facts.isExecuting === true ? ['finishing'] : [],
      evidence: [
        whoIsGone(client, monotonicMs),
        ...client.wire.evidence,
        ...(facts.isExecuting === true ? ['A tool still runs; it ends by itself after that.'] : []),
      ],
    }
  if (client.gone && !isServed(client))
    return isOldEnough && !isJustLeft(client, monotonicMs)
      ? probably(whoIsGone(client, monotonicMs), ...client.wire.evidence, doubtOf(client))
      : NOTHING
  if (client.closed && !client.gone) return disconnected(facts, client.closed.sinceMs)
  return NOTHING
}

/** We saw its client end, a moment ago. */
const isJustLeft = ({ lost, gone }: ClientFacts, monotonicMs: number): boolean =>
  lost !== null && gone !== null && monotonicMs - gone.sinceMs < LEAVING_MS

/** A launcher in between has ended, but the client lives and its end is open; or an ancestor holds the other end itself. */
function isServed({ wire, lost }: ClientFacts): boolean {
  if (wire.clientEnd !== 'open') return false
  return wire.isHeldByAncestor === true || lost?.isClient === false
}

/** Never seen open, the end may have been another's: who stands above it may only have adopted it, and nobody can tell from outside. */
function disconnected({ serena, client: facts, monotonicMs }: InstanceFacts, sinceMs: number): OrphanFinding {
  const client = serena?.client
  const who = client ? `Its client (${client.name}, process ${client.pid})` : 'Its client'
  const forMs = monotonicMs - sinceMs
  const what = facts?.wasOpen
    ? `${who} lives, but closed its end of the wire ${formatSpan(forMs)} ago.`
    : `${who} lives, but the other end of the wire is closed since before it was first looked at: either it closed it, or it only adopted this instance from a client that is gone.`
  return {
    isOrphaned: false,
    flags: forMs >= DISCONNECTED_MS ? ['disconnected', 'probably-orphaned'] : ['disconnected'],
    evidence: [what],
  }
}

const probably = (...evidence: string[]): OrphanFinding => ({
  isOrphaned: false,
  flags: ['probably-orphaned'],
  evidence: evidence.filter((sentence) => sentence !== ''),
})

function doubtOf({ wire, both }: ClientFacts): string {
  if (both) return 'It is called orphaned once a second look has confirmed this.'
  return wire.clientEnd === 'open' ? 'So somebody may still use it.' : ''
}

function whoIsGone({ lost, gone }: ClientFacts, monotonicMs: number): string {
  if (!lost) return 'Its client is gone: above it stands nobody, or only what adopts orphans.'
  const span = formatSpan(monotonicMs - (gone?.sinceMs ?? monotonicMs))
  const what = lost.isClient ? 'Its client' : 'What started it'
  return `${what} (${lost.name}, process ${lost.pid}) is gone for ${span}.`
}
