// The ends of a stdio connection and what is at their other ends -> whether the client's end is open. Pure.
import type { ConnectionFacts } from '../connection-facts.ts'

/**
 * What is at the other end: `held` (`by` a process, where that is known), `inside` (only the process itself or its descendants
 * hold it: a language server's pipe), `gone` (no process holds it), `unknown` (it cannot be read).
 */
export type Peer =
  | { kind: 'held'; by: string | null }
  | { kind: 'inside' }
  | { kind: 'gone' }
  | { kind: 'unknown'; why: string }

export type StdioKind = 'socket' | 'pipe'

/** A descriptor that is, or may be, one end of the stdio connection. */
export interface StdioEnd {
  fd: number
  kind: StdioKind
  inode: string
  canRead: boolean
  canWrite: boolean
}

/** Judges a known connection: it is closed when the peer of its stdin or of its stdout has no holder any more. */
export function judgeKnownConnection(stdin: Peer | null, stdout: Peer | null): ConnectionFacts {
  const ends = [
    { name: 'stdin', peer: stdin },
    { name: 'stdout', peer: stdout },
  ].flatMap(({ name, peer }) => (peer === null || peer.kind === 'inside' ? [] : [{ name, peer }]))
  if (ends.length === 0)
    return {
      clientEnd: 'not-applicable',
      evidence: ['Its stdin and stdout are not connected to another process.'],
    }
  const gone = ends.filter(({ peer }) => peer.kind === 'gone')
  const others = ends.flatMap(({ name, peer }) =>
    peer.kind === 'held' && peer.by !== null ? [`Its ${name} is still held open by ${peer.by}.`] : [],
  )
  if (gone.length === ends.length)
    return { clientEnd: 'closed', evidence: ['No process holds the other end of its stdio connection.'] }
  if (gone.length > 0)
    return {
      clientEnd: 'closed',
      evidence: [`No process holds the other end of its ${gone[0]?.name ?? 'connection'}.`, ...others],
    }
  const unknown = ends.flatMap(({ peer }) => (peer.kind === 'unknown' ? [peer.why] : []))
  if (unknown[0] !== undefined) return { clientEnd: 'unknown', evidence: [unknown[0]] }
  return {
    clientEnd: 'open',
    evidence: others.length > 0 ? others : ['The other end of its stdio connection is open.'],
  }
}

/**
 * Judges a connection on private descriptors (mcp 2.x), none of which is known to be it. The library makes the reading end first and
 * the writing one right after, so such a pair is searched for. The ends of a language server that has exited are alike, so
 * pipes are called closed only when every pair is, and open as soon as one end of each direction is held from outside.
 */
export function judgePrivateConnection(ends: readonly (StdioEnd & { peer: Peer })[]): ConnectionFacts {
  const outer = ends.filter(({ peer }) => peer.kind !== 'inside')
  const pairs = outer.flatMap((reader) => {
    const writer = writerAfter(reader, outer)
    return writer ? [{ kind: reader.kind, ...judgeKnownConnection(reader.peer, writer.peer) }] : []
  })
  // A pair of the process's own stays open for ever and proves nothing: a closed socket does.
  const closedSocket = pairs.find(({ kind, clientEnd }) => kind === 'socket' && clientEnd === 'closed')
  if (closedSocket) return plain(closedSocket)
  const open = pairs.find(({ clientEnd }) => clientEnd === 'open')
  if (open) return plain(open)
  const isHeld = ({ peer }: { peer: Peer }): boolean => peer.kind === 'held'
  const pipes = outer.filter(({ kind }) => kind === 'pipe').filter(isHeld)
  if (pipes.some(({ canRead }) => canRead) && pipes.some(({ canWrite }) => canWrite))
    return { clientEnd: 'open', evidence: ['The other end of its stdio connection is open.'] }
  const unknown = pairs.find(({ clientEnd }) => clientEnd === 'unknown')
  if (unknown) return plain(unknown)
  const closed = pairs.at(-1)
  if (closed) return plain(closed)
  return outer.length > 0
    ? {
        clientEnd: 'unknown',
        evidence: ['Cannot determine which of its descriptors is its MCP connection.'],
      }
    : {
        clientEnd: 'not-applicable',
        evidence: ['Its stdin is not a pipe or a socket, and no other descriptor can be its connection.'],
      }
}

/**
 * The end that was made right after a reading one. Another thread may open or close something between the two, so they need
 * not be neighbours: two alone are the pair; else it is the next one, and among sockets, which all read and write, the
 * neighbour only.
 */
function writerAfter<End extends StdioEnd>(reader: End, ends: readonly End[]): End | null {
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

const plain = ({ clientEnd, evidence }: ConnectionFacts): ConnectionFacts => ({ clientEnd, evidence })
