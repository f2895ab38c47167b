// The MCP wire of a stdio Serena: is somebody at its other end? Sockets by their reference count, pipes by who holds them.
import type { ProcessFact, WireFacts } from '../../facts.ts'
import { judgeKnownWire, judgePrivateWire, type Peer, type WireEnd } from '../judge-wire.ts'
import { parseDescriptorFlags, wireInode } from './parse-wire.ts'
import { ancestorsOf, createPipeHolders, isReaper } from './pipe-holders.ts'
import { listDescriptors, readProcText } from './read-proc.ts'
import { chooseSocketEnds, type SocketEnds } from './socket-ends.ts'

/** A descriptor that may be an end of the wire. */
type Held = Pick<WireEnd, 'fd' | 'kind' | 'inode'>

const unknown = (why: string): WireFacts => ({ clientEnd: 'unknown', evidence: [why] })

export interface WireDeps {
  /** The identity of a pid at this moment. */
  identityOf: (pid: number) => string | null
  /** Its beginning in epoch milliseconds. */
  startOf: (pid: number) => number | null
  /** Monotonic milliseconds. */
  now?: () => number
  /** What tells of sockets here, asked once; null: nothing does. */
  chooseEnds?: () => Promise<SocketEnds | null>
}

/** A lookup that remembers which pipes are a process's wire, and who held them. */
export function createWireLookup({
  identityOf,
  startOf,
  now = () => performance.now(),
  chooseEnds = () => chooseSocketEnds(now),
}: WireDeps): (process: ProcessFact, tree: readonly ProcessFact[]) => Promise<WireFacts> {
  const pipes = createPipeHolders(startOf, now)
  let choosing: Promise<SocketEnds | null> | null = null
  /** What stood on fd 0 and 1, or pipes that a parent held: that is the wire, wherever it is moved and whatever is opened later. */
  const proven = new Map<string, { stdin: string; stdout: string }>()

  async function socketPeer(pid: number, inode: string): Promise<Peer> {
    choosing ??= chooseEnds()
    const endOf = await choosing
    if (endOf === null)
      return { kind: 'unknown', why: 'This system does not tell whether a socket is closed.' }
    const end = await endOf(pid, inode)
    if (end === 'closed') return { kind: 'gone' }
    if (end === 'open') return { kind: 'held', by: null }
    return { kind: 'unknown', why: 'The socket of its wire is not listed here.' }
  }

  return async (process, tree) => {
    const { pid, identity } = process
    const descriptors = listDescriptors(pid)
    if (descriptors === null || identityOf(pid) !== identity)
      return unknown(`The descriptors of process ${pid} cannot be read.`)
    const held = descriptors.flatMap(({ fd, target }) => {
      const found = wireInode(target)
      return found ? [{ fd, ...found }] : []
    })
    let around: Surroundings | null = null

    async function peerOf(end: Held, wanted: 'writer' | 'reader'): Promise<Peer & { byAncestor?: boolean }> {
      if (end.kind === 'socket') return socketPeer(pid, end.inode)
      const { peer, byAncestor } = await pipes.find({
        pid,
        inode: end.inode,
        wanted,
        startedAtMs: process.startedAtMs,
        ...(around ??= surroundings(process, tree)),
      })
      return { ...peer, byAncestor }
    }

    async function judge(): Promise<WireFacts> {
      const remembered = proven.get(identity)
      const of = (inode: string | undefined): Held | undefined => held.find((end) => end.inode === inode)
      const [knownIn, knownOut] = [of(remembered?.stdin), of(remembered?.stdout)]
      if (knownIn && knownOut) {
        const [peerIn, peerOut] = [await peerOf(knownIn, 'writer'), await peerOf(knownOut, 'reader')]
        return withHolder(judgeKnownWire(peerIn, peerOut), peerIn.byAncestor)
      }

      const ends = held.flatMap((end) => endOf(pid, end))
      const stdin = ends.find(({ fd }) => fd === 0)
      const stdout = ends.find(({ fd }) => fd === 1)
      if (stdin) {
        const [peerIn, peerOut] = [
          await peerOf(stdin, 'writer'),
          stdout ? await peerOf(stdout, 'reader') : null,
        ]
        if (stdout) proven.set(identity, { stdin: stdin.inode, stdout: stdout.inode })
        return withHolder(judgeKnownWire(peerIn, peerOut), peerIn.byAncestor)
      }
      const standard = descriptors?.find(({ fd }) => fd === 0)?.target
      if (standard !== undefined && standard !== '/dev/null')
        return { clientEnd: 'not-applicable', evidence: [`Its stdin is ${standard}, which is no wire.`] }
      // mcp 2.x keeps the wire on private descriptors: closed on exec, and blocking, unlike asyncio's own pair.
      const candidates = ends.filter(({ fd, isPrivate }) => fd > 2 && isPrivate)
      const judged: (WireEnd & { peer: Peer & { byAncestor?: boolean } })[] = []
      for (const end of candidates) {
        const peer = await peerOf(end, end.canRead ? 'writer' : 'reader')
        const isListed = end.kind === 'pipe' || peer.kind !== 'unknown'
        // Internet sockets and sockets with a name are no wire.
        if (isListed || (await choosing) === null) judged.push({ ...end, peer })
      }
      const reader = judged.find(({ peer, canRead }) => peer.byAncestor === true && canRead)
      const writer = judged.find(({ peer, canRead }) => peer.byAncestor === true && !canRead)
      if (reader && writer) proven.set(identity, { stdin: reader.inode, stdout: writer.inode })
      return withHolder(judgePrivateWire(judged), reader !== undefined)
    }

    const judged = await judge()
    if (proven.size > 500) proven.clear()
    return identityOf(pid) === identity ? judged : unknown(`Process ${pid} ended while it was looked at.`)
  }
}

const withHolder = (wire: WireFacts, isHeldByAncestor = false): WireFacts =>
  isHeldByAncestor ? { ...wire, isHeldByAncestor } : wire

function endOf(pid: number, held: Held): (WireEnd & { isPrivate: boolean })[] {
  const flags = parseDescriptorFlags(readProcText(`/proc/${pid}/fdinfo/${held.fd}`) ?? '')
  if (!flags) return []
  const { canRead, canWrite, isCloseOnExec, isNonBlocking } = flags
  return [{ ...held, canRead, canWrite, isPrivate: isCloseOnExec && !isNonBlocking }]
}

interface Surroundings {
  inside: ReadonlySet<number>
  ancestors: readonly number[]
  clientPid: number | null
}

/** Who stands above a process, and who below. */
function surroundings(process: ProcessFact, tree: readonly ProcessFact[]): Surroundings {
  const ancestors = ancestorsOf(process.pid)
  const above = new Set(ancestors.map(({ pid }) => pid))
  const inTree = new Set(tree.map(({ pid }) => pid))
  const client = ancestors.find(({ pid }) => !inTree.has(pid))
  return {
    inside: new Set([process.pid, ...[...inTree].filter((pid) => !above.has(pid))]),
    ancestors: ancestors.map(({ pid }) => pid),
    clientPid: client && !isReaper(client.pid, client.name) ? client.pid : null,
  }
}
