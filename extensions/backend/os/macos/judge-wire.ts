// The ends of a stdio Serena's MCP wire, and what is at their other ends -> is its client still there? Pure.
import type { WireFacts } from '../connection-facts.ts'

/**
 * What is at the other end: `held` (by whom, where that can be told), `inside` (only the process itself or its descendants
 * hold it: a language server's pipe), `gone` (nobody), `unknown` (it could not be read).
 */
export type Peer =
  | { kind: 'held'; by: string | null }
  | { kind: 'inside' }
  | { kind: 'gone' }
  | { kind: 'unknown'; why: string }

export type WireKind = 'socket' | 'pipe'

/** A descriptor that is, or may be, one end of the wire. */
export interface WireEnd {
  fd: number
  kind: WireKind
  inode: string
  canRead: boolean
  canWrite: boolean
}

/** A wire that is known to be one: closed when the peer of its stdin or of its stdout has no holder any more. */
export function judgeKnownWire(stdin: Peer | null, stdout: Peer | null): WireFacts {
  const ends = [
    { name: 'stdin', peer: stdin },
    { name: 'stdout', peer: stdout },
  ].flatMap(({ name, peer }) => (peer === null || peer.kind === 'inside' ? [] : [{ name, peer }]))
  if (ends.length === 0)
    return { clientEnd: 'not-applicable', evidence: ['Its stdin and stdout lead to no other process.'] }
  const gone = ends.filter(({ peer }) => peer.kind === 'gone')
  const others = ends.flatMap(({ name, peer }) =>
    peer.kind === 'held' && peer.by !== null
      ? [`The other end of its ${name} is still held by ${peer.by}.`]
      : [],
  )
  if (gone.length === ends.length)
    return { clientEnd: 'closed', evidence: ['Nobody holds the other end of its wire.'] }
  if (gone.length > 0)
    return {
      clientEnd: 'closed',
      evidence: [`Nobody holds the other end of its ${gone[0]?.name ?? 'wire'}.`, ...others],
    }
  const unknown = ends.flatMap(({ peer }) => (peer.kind === 'unknown' ? [peer.why] : []))
  if (unknown[0] !== undefined) return { clientEnd: 'unknown', evidence: [unknown[0]] }
  return {
    clientEnd: 'open',
    evidence: others.length > 0 ? others : ['The other end of its wire is open.'],
  }
}

/**
 * A wire on private descriptors (mcp 2.x), none of which is known to be it. The library makes the reading end first and the
 * writing one right after, so such a pair is looked for. The ends of a language server that has died look alike, so
 * pipes are called closed only when every pair is, and open as soon as one end of each direction is held from outside.
 */
export function judgePrivateWire(ends: readonly (WireEnd & { peer: Peer })[]): WireFacts {
  const outer = ends.filter(({ peer }) => peer.kind !== 'inside')
  const pairs = outer.flatMap((reader) => {
    const writer = writerAfter(reader, outer)
    return writer ? [{ kind: reader.kind, ...judgeKnownWire(reader.peer, writer.peer) }] : []
  })
  // A pair of the process's own stays open for ever and proves nothing: a closed socket does.
  const closedSocket = pairs.find(({ kind, clientEnd }) => kind === 'socket' && clientEnd === 'closed')
  if (closedSocket) return plain(closedSocket)
  const open = pairs.find(({ clientEnd }) => clientEnd === 'open')
  if (open) return plain(open)
  const isHeld = ({ peer }: { peer: Peer }): boolean => peer.kind === 'held'
  const pipes = outer.filter(({ kind }) => kind === 'pipe').filter(isHeld)
  if (pipes.some(({ canRead }) => canRead) && pipes.some(({ canWrite }) => canWrite))
    return { clientEnd: 'open', evidence: ['The other end of its wire is open.'] }
  const unknown = pairs.find(({ clientEnd }) => clientEnd === 'unknown')
  if (unknown) return plain(unknown)
  const closed = pairs.at(-1)
  if (closed) return plain(closed)
  return outer.length > 0
    ? { clientEnd: 'unknown', evidence: ['Which of its descriptors is the wire cannot be told.'] }
    : { clientEnd: 'not-applicable', evidence: ['Its stdin is no wire, and it holds no other.'] }
}

/**
 * The end that was made right after a reading one. Another thread may open or close something between the two, so they need
 * not be neighbours: two alone are the pair; else it is the next one, and among sockets, which all read and write, the
 * neighbour only.
 */
function writerAfter<End extends WireEnd>(reader: End, ends: readonly End[]): End | null {
  if (!reader.canRead) return null
  const others = ends.filter((end) => end.kind === reader.kind && end !== reader)
  const only = others.length === 1 ? others[0] : undefined
  if (only) return only.canWrite ? only : null
  const next = others
    .filter(({ fd }) => fd > reader.fd)
    .reduce<End | null>((first, end) => (first === null || end.fd < first.fd ? end : first), null)
  if (!next?.canWrite) return null
  return reader.kind === 'socket' && next.fd !== reader.fd + 1 ? null : next
}

const plain = ({ clientEnd, evidence }: WireFacts): WireFacts => ({ clientEnd, evidence })
