// Listeners on the dashboards' ports whose process we cannot read: Serenas of other users, of containers, of WSL.

import { isShadowed } from '../../lib/network-address.ts'
import type { UnownedListener } from '../process-facts.ts'
import { readTable, socketsOf } from './process-sockets.ts'
import { listPids } from './read-proc.ts'

/** Creates a lookup that remembers which sockets have an owner; the walk over all descriptors is made only for new ones. */
export function createUnownedLookup(): (firstPort: number, lastPort: number) => Promise<UnownedListener[]> {
  let owned: ReadonlySet<string> = new Set()
  let unowned: ReadonlySet<string> = new Set()

  return async (firstPort, lastPort) => {
    const all = [...((await readTable('self'))?.values() ?? [])]
    const listening = all
      .filter(({ port }) => port >= firstPort && port <= lastPort)
      .map((one): UnownedListener => (isShadowed(one, all) ? { ...one, unreachable: 'shadowed' } : one))
    if (listening.some(({ socket }) => !owned.has(socket) && !unowned.has(socket))) {
      const readable = ownedSockets()
      // Out of descriptors: nothing is known of owners just now.
      if (readable === null) return listening.filter(({ socket }) => unowned.has(socket))
      const has = ({ socket }: UnownedListener): boolean => readable.has(socket)
      owned = new Set(listening.filter(has).map(({ socket }) => socket))
      unowned = new Set(listening.filter((one) => !has(one)).map(({ socket }) => socket))
    }
    return listening.filter(({ socket }) => unowned.has(socket))
  }
}

/** Every socket of every process whose descriptors we may read. */
function ownedSockets(): ReadonlySet<string> | null {
  const pids = listPids()
  return pids && new Set(pids.flatMap((pid) => [...(socketsOf(pid) ?? [])]))
}
