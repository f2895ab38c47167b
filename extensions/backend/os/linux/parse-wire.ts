// Texts of /proc -> what they say of a process's MCP wire, and the judgement of its ends. Pure.
import type { WireFacts } from '../../facts.ts'
import { socketInode } from './parse-sockets.ts'

const STREAM = '0001'
const O_ACCMODE = 0o3
const O_WRONLY = 0o1
const O_NONBLOCK = 0o4000
const O_CLOEXEC = 0o2000000

/**
 * References of each unnamed unix stream socket by inode, from `/proc/net/unix`. A connected one holds a reference on its
 * peer: 3 while the peer is open, 2 once it is closed (measured; `unix_release_sock` in the kernel's af_unix.c agrees).
 */
export function parseUnixReferences(text: string): Map<string, number> {
  const references = new Map<string, number>()
  for (const line of text.split('\n').slice(1)) {
    const [, count, , , type, , inode, path] = line.trim().split(/\s+/)
    if (type !== STREAM || inode === undefined || path !== undefined) continue
    references.set(inode, Number.parseInt(count ?? '', 16))
  }
  return references
}

/** The inode of a descriptor link such as `pipe:[1234]`; null: no pipe. */
export const pipeInode = (link: string): string | null => /^pipe:\[(\d+)\]$/.exec(link)?.[1] ?? null

export interface DescriptorFlags {
  canRead: boolean
  canWrite: boolean
  isNonBlocking: boolean
  isCloseOnExec: boolean
}

/** The flags of `/proc/PID/fdinfo/FD`; null: no such line. */
export function parseDescriptorFlags(text: string): DescriptorFlags | null {
  const octal = /^flags:\s+([0-7]+)$/m.exec(text)?.[1]
  if (octal === undefined) return null
  const flags = Number.parseInt(octal, 8)
  const access = flags & O_ACCMODE
  return {
    canRead: access !== O_WRONLY,
    canWrite: access !== 0,
    isNonBlocking: (flags & O_NONBLOCK) !== 0,
    isCloseOnExec: (flags & O_CLOEXEC) !== 0,
  }
}

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

/** Socket or pipe of a descriptor link; null: a file, a terminal, another kind of socket. */
export function wireInode(target: string): { kind: WireKind; inode: string } | null {
  const socket = socketInode(target)
  if (socket !== null) return { kind: 'socket', inode: socket }
  const pipe = pipeInode(target)
  return pipe === null ? null : { kind: 'pipe', inode: pipe }
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
