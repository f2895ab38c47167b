// Whether the other end of a unix socket is open: by the kernel's own answer, or by the count of the socket's references.
// The count is no documented promise: it is tried on a child of our own before it is believed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { signalChild } from '../signals.ts'
import type { KernelLoading } from './kernel.ts'
import { parseUnixReferences } from './parse-descriptor.ts'
import { socketInode } from './parse-sockets.ts'
import { readLink, readWhole } from './read-proc.ts'

const OPEN_REFERENCES = 3
const CLOSED_REFERENCES = 2
/** One reading of the table serves all callers within this time. */
const TABLE_LASTS_MS = 250
const PATIENCE_MS = 1_000

/** `unlisted`: this source does not know the socket. */
export type SocketEnd = 'open' | 'closed' | 'unlisted'

/** The other end of a process's socket. */
export type SocketEnds = (pid: number, inode: string) => SocketEnd

/** Judges by the number of references: 3 while the peer is open, 2 once it is closed. */
export function endsByReferences(now: () => number): SocketEnds {
  const tables = new Map<string, { atMs: number; references: Map<string, number> }>()
  const ownNetwork = readLink('/proc/self/ns/net') ?? ''

  /** References of a socket in the network namespace of `of`; for a socket newer than the last reading the table is read again. */
  function referencesIn(of: string, network: string, inode: string): number | undefined {
    const known = tables.get(network)
    if (known && now() - known.atMs < TABLE_LASTS_MS && known.references.has(inode))
      return known.references.get(inode)
    const references = parseUnixReferences(readWhole(`/proc/${of}/net/unix`) ?? '')
    tables.set(network, { atMs: now(), references })
    return references.get(inode)
  }

  return (pid, inode) => {
    // A socket is listed in the network namespace that it was made in: its client's may be ours or the process's.
    const network = readLink(`/proc/${pid}/ns/net`)
    let count = referencesIn('self', ownNetwork, inode)
    if (count === undefined && network !== null && network !== ownNetwork)
      count = referencesIn(String(pid), network, inode)
    if (count === CLOSED_REFERENCES) return 'closed'
    return count !== undefined && count >= OPEN_REFERENCES ? 'open' : 'unlisted'
  }
}

/** Judges by the kernel's own answer about one socket, in our network namespace only; `unlisted` without the native calls. */
export function endsByKernel(loading: KernelLoading): SocketEnds {
  const { kernel } = loading
  return (_, inode) => {
    const peer = kernel?.socketPeer(inode) ?? null
    if (peer === null) return 'unlisted'
    return peer === '0' ? 'closed' : 'open'
  }
}

/** Returns a lookup made of the ways that are right on this system, in this order; null: none is. */
export async function chooseSocketEnds(ways: readonly SocketEnds[]): Promise<SocketEnds | null> {
  const right: SocketEnds[] = []
  for (const way of ways) if (await isReliable(way)) right.push(way)
  if (right.length === 0) return null
  return (pid, inode) => {
    for (const way of right) {
      const end = way(pid, inode)
      if (end !== 'unlisted') return end
    }
    return 'unlisted'
  }
}

/** Returns true if a child's stdin is reported open while we hold its other end, and closed after we closed it. Takes milliseconds. */
export async function isReliable(endOf: SocketEnds): Promise<boolean> {
  const child = spawn('sleep', ['5'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  // A closed end is what is tried here.
  child.stdin.on('error', () => undefined)
  try {
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    const inode = socketInode(readLink(`/proc/${pid}/fd/0`) ?? '')
    if (inode === null || endOf(pid, inode) !== 'open') return false
    child.stdin.destroy()
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(5))
      if (endOf(pid, inode) !== 'open') break
    return endOf(pid, inode) === 'closed'
  } catch {
    // No `sleep`, or no free descriptors: then this way is not used.
    return false
  } finally {
    signalChild(child, 'SIGKILL')
    if (child.pid !== undefined) await gone
  }
}
