// Which sockets a process listens on. The kernel's table costs 10 ms to read (it walks a large hash), so it is read once a
// call and only when a process holds a socket that was not seen before.
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import type { Listener, ListenersOf, ProcessFact, UnownedListener } from '../../facts.ts'
import { askedAddress, isLoopback, isShadowed } from '../../lib/network-address.ts'
import { nextTurn } from '../../lib/turn.ts'
import { parseTcpListeners, socketInode } from './parse-sockets.ts'
import { listDescriptors, readLink } from './read-proc.ts'

/** A socket is made before it listens: one seen in between is looked up again for so long. */
const SETTLED_MS = 60_000

/** So many processes are looked at in one turn of the loop: each costs a link per descriptor. */
const AT_ONCE = 4

/** One that listens and is settled is proven by the links of its listeners alone; all its descriptors are read so often. */
const WHOLE_LOOK_MS = 30_000

interface Known {
  /** Every socket inode the process held when it was last looked up. */
  inodes: ReadonlySet<string>
  listeners: readonly Listener[]
  /** The descriptors of the listeners, to be read again. */
  links: readonly { fd: number; target: string }[]
  atMs: number
  lookedAtMs: number
}

/** A lookup that remembers. */
export function createListenerLookup(
  now: () => number = Date.now,
): (processes: readonly ProcessFact[]) => Promise<ListenersOf> {
  const known = new Map<string, Known>()
  const ownNetwork = readLink('/proc/self/ns/net')

  return async (processes) => {
    const result = new Map<number, readonly Listener[] | null>()
    const tables = new Map<string, SocketTable>()
    const tableFor = async (pid: number): Promise<SocketTable | null> => {
      const network = readLink(`/proc/${pid}/ns/net`)
      // Our own link is always there to be read where the kernel has such namespaces.
      const isOwn = ownNetwork === null || network === ownNetwork
      const key = network ?? `of process ${pid}`
      const listening = tables.get(key)?.listening ?? (await readTable(isOwn ? 'self' : String(pid)))
      if (listening === null) return null
      const table = { network, isOwn, listening }
      tables.set(key, table)
      return table
    }
    /** A socket that takes connections away from a wildcard may come at any time, and an interface may lose its address. */
    const renewPlaces = async (pid: number, listeners: readonly Listener[]): Promise<readonly Listener[]> => {
      if (listeners.every(({ address }) => isLoopback(address))) return listeners
      const table = await tableFor(pid)
      return table ? listeners.map((one) => placed(one, table)) : listeners
    }
    for (const [at, { pid, identity }] of processes.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await nextTurn()
      const before = known.get(identity)
      if (before && isProvenByLinks(pid, before, now())) {
        result.set(pid, await renewPlaces(pid, before.listeners))
        continue
      }
      const descriptors = listDescriptors(pid)
      if (!descriptors) {
        result.set(pid, null)
        continue
      }
      const inodes = inodesAmong(descriptors)
      const isKnown = before !== undefined && isStillTrue(before, inodes, now())
      const table = isKnown ? null : await tableFor(pid)
      if (!isKnown && table === null) {
        result.set(pid, null)
        continue
      }
      const listeners = table
        ? listenersAmong(inodes, table)
        : await renewPlaces(
            pid,
            (before?.listeners ?? []).filter(({ socket }) => inodes.has(socket)),
          )
      const hasNewSockets = !before || [...inodes].some((inode) => !before.inodes.has(inode))
      const sockets = new Set(listeners.map(({ socket }) => `socket:[${socket}]`))
      const links = descriptors.filter(({ target }) => sockets.has(target))
      const atMs = hasNewSockets ? now() : before.atMs
      known.set(identity, { inodes, listeners, links, atMs, lookedAtMs: now() })
      result.set(pid, listeners)
    }
    const asked = new Set(processes.map(({ identity }) => identity))
    if (processes.length > 1)
      for (const identity of known.keys()) if (!asked.has(identity)) known.delete(identity)
    return result
  }
}

/** It listened for long, and the very descriptors of its listeners still are what they were. */
function isProvenByLinks(pid: number, { listeners, links, atMs, lookedAtMs }: Known, nowMs: number): boolean {
  if (listeners.length === 0 || nowMs - atMs < SETTLED_MS || nowMs - lookedAtMs > WHOLE_LOOK_MS) return false
  return links.every(({ fd, target }) => readLink(`/proc/${pid}/fd/${fd}`) === target)
}

/** No new socket, and either one listens or none has for so long that none of these will. */
function isStillTrue(
  { inodes: before, listeners, atMs }: Known,
  inodes: ReadonlySet<string>,
  nowMs: number,
): boolean {
  const hasNewSockets = [...inodes].some((inode) => !before.has(inode))
  return !hasNewSockets && (listeners.length > 0 || nowMs - atMs > SETTLED_MS)
}

/** The inodes of the sockets a process holds; null: its descriptors cannot be read. */
export function socketsOf(pid: number): ReadonlySet<string> | null {
  const descriptors = listDescriptors(pid)
  return descriptors && inodesAmong(descriptors)
}

const inodesAmong = (descriptors: readonly { target: string }[]): ReadonlySet<string> =>
  new Set(descriptors.map(({ target }) => socketInode(target)).filter((inode) => inode !== null))

interface SocketTable {
  /** The link of the namespace; null: it cannot be read. */
  network: string | null
  isOwn: boolean
  listening: ReadonlyMap<string, UnownedListener>
}

function listenersAmong(inodes: ReadonlySet<string>, table: SocketTable): Listener[] {
  return [...inodes]
    .flatMap((inode) => table.listening.get(inode) ?? [])
    .map((one) => placed(one, table))
    .sort((a, b) => a.port - b.port)
}

/** The listener with its network, and why it cannot be reached from ours. A namespace that cannot be read may be any. */
function placed({ address, port, socket }: Listener, { network, isOwn, listening }: SocketTable): Listener {
  const listener: Listener = { address, port, socket, network }
  if (!isOwn) return { ...listener, unreachable: network === null ? 'unknown-network' : 'other-network' }
  if (!isOwnAddress(askedAddress(address))) return { ...listener, unreachable: 'no-address' }
  return isShadowed(listener, listening.values()) ? { ...listener, unreachable: 'shadowed' } : listener
}

/** A socket may listen on an address that its interface has lost; a connection to it would leave this machine. */
function isOwnAddress(address: string): boolean {
  if (/^127\./.test(address)) return true
  // A link-local address (IPv6) means nothing without its interface, which the socket table does not name.
  if (/^fe[89ab]/i.test(address)) return false
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address))
}

/**
 * The listening sockets that `/proc/<of>/net` names, by inode; null: the table cannot be read just now. Read off the loop: the
 * kernel walks a large hash for it, 10 ms on some machines, whatever stands in it.
 */
export async function readTable(of: string): Promise<ReadonlyMap<string, UnownedListener> | null> {
  const read = (name: string): Promise<string | null> =>
    // Gone, another user's, or we are out of descriptors; without IPv6 there is no tcp6.
    readFile(`/proc/${of}/net/${name}`, 'utf8').catch(() => null)
  const [tcp, tcp6] = await Promise.all([read('tcp'), read('tcp6')])
  return tcp === null ? null : new Map([...parseTcpListeners(tcp), ...parseTcpListeners(tcp6 ?? '')])
}
