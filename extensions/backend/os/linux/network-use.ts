// Which processes are connected to the ports that a process listens on. The kernel's table costs 10 ms to read, and finding the
// owner of a socket a walk over all descriptors: both only when the sockets of the process changed, or after 30 s.
import { readFile } from 'node:fs/promises'
import { nextTurn } from '../../lib/next-turn.ts'
import type { NetworkUse } from '../network-facts.ts'
import type { ProcessFact } from '../process-facts.ts'
import type { ProcessIdentity } from '../process-identity.ts'
import { type PortUse, portUses } from './parse-connections.ts'
import { socketsOf } from './process-sockets.ts'
import { listPids, readLink } from './read-proc.ts'

const AGAIN_MS = 30_000
/** How many processes are read in one turn of the event loop. */
const AT_ONCE = 8

interface Known {
  sockets: ReadonlySet<string>
  atMs: number
  use: NetworkUse
}

/** Creates a lookup that remembers; null for a process whose sockets or table cannot be read. */
export function createNetworkUseLookup(
  now: () => number = Date.now,
): (processes: readonly ProcessFact[]) => Promise<ReadonlyMap<number, NetworkUse | null>> {
  let known = new Map<ProcessIdentity, Known>()
  /** Of the sockets at other ends. */
  let owners = new Map<string, number>()

  return async (processes) => {
    const next = new Map<ProcessIdentity, Known>()
    const found = new Map<number, { fact: ProcessFact; sockets: ReadonlySet<string>; uses: PortUse[] }>()
    const result = new Map<number, NetworkUse | null>()
    const tables = new Map<string, Promise<string[] | null>>()
    for (const fact of processes) {
      const sockets = socketsOf(fact.pid)
      const before = known.get(fact.identity)
      if (sockets && before && now() - before.atMs < AGAIN_MS && isSame(sockets, before.sockets)) {
        next.set(fact.identity, before)
        result.set(fact.pid, before.use)
        continue
      }
      const network = readLink(`/proc/${fact.pid}/ns/net`) ?? `of process ${fact.pid}`
      if (!tables.has(network)) tables.set(network, readTables(fact.pid))
      const texts = sockets && (await tables.get(network))
      if (sockets && texts) found.set(fact.pid, { fact, sockets, uses: portUses(texts, sockets) })
      else result.set(fact.pid, null)
    }
    const peers = [...found.values()].flatMap(({ uses }) => uses.flatMap((use) => use.peers))
    owners = await ownersOf(new Set(peers.filter((inode) => inode !== null)), owners)
    for (const [pid, { fact, sockets, uses }] of found) {
      const use = uses.map(({ port, peers: inodes }) => ({
        port,
        clients: inodes.map((inode) => (inode === null ? null : (owners.get(inode) ?? null))),
      }))
      next.set(fact.identity, { sockets, atMs: now(), use })
      result.set(pid, use)
    }
    known = next
    return result
  }
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one))

async function readTables(pid: number): Promise<string[] | null> {
  const read = (name: string): Promise<string | null> =>
    // Gone, another user's, or without IPv6.
    readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => null)
  const [tcp, tcp6] = await Promise.all([read('tcp'), read('tcp6')])
  return tcp === null ? null : [tcp, tcp6 ?? '']
}

/** The first process that holds each of these sockets, by inode; those that no readable process holds are omitted. */
async function ownersOf(
  inodes: ReadonlySet<string>,
  before: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const owners = new Map<string, number>()
  for (const inode of inodes) {
    const pid = before.get(inode)
    if (pid !== undefined && socketsOf(pid)?.has(inode)) owners.set(inode, pid)
  }
  const missing = new Set([...inodes].filter((inode) => !owners.has(inode)))
  for (const [at, pid] of (missing.size > 0 ? (listPids() ?? []) : []).entries()) {
    if (missing.size === 0) break
    if (at % AT_ONCE === AT_ONCE - 1) await nextTurn()
    for (const inode of socketsOf(pid) ?? []) if (missing.delete(inode)) owners.set(inode, pid)
  }
  return owners
}
