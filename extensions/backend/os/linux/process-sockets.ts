// Which sockets a process listens on. The kernel's table costs 10 ms to read (it walks a large hash), so it is read once a
// call, and only when a process holds a socket that was not seen before.
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { connectAddress, isLoopback, isShadowed } from '../../lib/network-address.ts'
import { nextTurn } from '../../lib/next-turn.ts'
import type { Listener, ListenersOf, ProcessFact, UnownedListener } from '../process-facts.ts'
import { parseTcpListeners, socketInode } from './parse-sockets.ts'
import { listDescriptors, readLink } from './read-proc.ts'

/** A socket is made before it listens: one that was seen in between is read again for this long. */
const SETTLED_MS = 60_000

/** How many processes are read in one turn of the event loop: each costs a link per descriptor. */
const AT_ONCE = 4

/** A settled listener is proven by the links of its sockets alone; all descriptors of its process are read this often. */
const FULL_READ_MS = 30_000

interface Known {
  /** Every socket inode the process held when it was last read. */
  inodes: ReadonlySet<string>
  listeners: readonly Listener[]
  /** The descriptors of the listeners, to be read again. */
  links: readonly { fd: number; target: string }[]
  atMs: number
  readAtMs: number
}

/** Creates a lookup that remembers. */
export function createListenerLookup(
  now: () => number = Date.now,
): (processes: readonly ProcessFact[]) => Promise<ListenersOf> {
  const known = new Map<string, Known>()
  const ownNetwork = readLink('/proc/self/ns/net')

  async function listenersOf(
    { pid, identity }: ProcessFact,
    tables: Tables,
  ): Promise<readonly Listener[] | null> {
    const before = known.get(identity)
    if (before && isProvenByLinks(pid, before, now())) return renewPlaces(pid, before.listeners, tables)
    const descriptors = listDescriptors(pid)
    if (!descriptors) return null
    const inodes = inodesAmong(descriptors)
    const listeners =
      before && isStillTrue(before, inodes, now())
        ? await renewPlaces(
            pid,
            before.listeners.filter(({ socket }) => inodes.has(socket)),
            tables,
          )
        : await findListeners(pid, inodes, tables)
    if (listeners === null) return null
    const sockets = new Set(listeners.map(({ socket }) => `socket:[${socket}]`))
    const links = descriptors.filter(({ target }) => sockets.has(target))
    const hasNewSockets = !before || [...inodes].some((inode) => !before.inodes.has(inode))
    const atMs = hasNewSockets ? now() : before.atMs
    known.set(identity, { inodes, listeners, links, atMs, readAtMs: now() })
    return listeners
  }

  return async (processes) => {
    const result = new Map<number, readonly Listener[] | null>()
    const tables = createTables(ownNetwork)
    for (const [at, process] of processes.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await nextTurn()
      result.set(process.pid, await listenersOf(process, tables))
    }
    const asked = new Set(processes.map(({ identity }) => identity))
    if (processes.length > 1)
      for (const identity of known.keys()) if (!asked.has(identity)) known.delete(identity)
    return result
  }
}

/** The table of the network namespace of a process; null: it cannot be read just now. */
type Tables = (pid: number) => Promise<SocketTable | null>

/** Reads each table once. */
function createTables(ownNetwork: string | null): Tables {
  const tables = new Map<string, SocketTable>()
  return async (pid) => {
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
}

/** Another socket may take connections away from a wildcard at any time, and an interface may lose its address. */
async function renewPlaces(
  pid: number,
  listeners: readonly Listener[],
  tables: Tables,
): Promise<readonly Listener[]> {
  if (listeners.every(({ address }) => isLoopback(address))) return listeners
  const table = await tables(pid)
  return table ? listeners.map((one) => placed(one, table)) : listeners
}

async function findListeners(
  pid: number,
  inodes: ReadonlySet<string>,
  tables: Tables,
): Promise<readonly Listener[] | null> {
  const table = await tables(pid)
  return table && listenersAmong(inodes, table)
}

/** It has listened for long, and the descriptors of its listeners still lead to the same sockets. */
function isProvenByLinks(pid: number, { listeners, links, atMs, readAtMs }: Known, nowMs: number): boolean {
  if (listeners.length === 0 || nowMs - atMs < SETTLED_MS || nowMs - readAtMs > FULL_READ_MS) return false
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

/** Returns the inodes of the sockets a process holds; null: its descriptors cannot be read. */
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
  if (!isOwnAddress(connectAddress(address))) return { ...listener, unreachable: 'no-address' }
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
 * Returns the listening sockets that `/proc/<of>/net` names, by inode; null: the table cannot be read just now. Read asynchronously: the
 * kernel walks a large hash for it, 10 ms on some machines, however few entries it has.
 */
export async function readTable(of: string): Promise<ReadonlyMap<string, UnownedListener> | null> {
  const read = (name: string): Promise<string | null> =>
    // It has exited, is another user's, or this process is out of descriptors; without IPv6 there is no tcp6.
    readFile(`/proc/${of}/net/${name}`, 'utf8').catch(() => null)
  const [tcp, tcp6] = await Promise.all([read('tcp'), read('tcp6')])
  return tcp === null ? null : new Map([...parseTcpListeners(tcp), ...parseTcpListeners(tcp6 ?? '')])
}
