// Whether the other end of an open connection of ours belongs to one process: the kernel's table names the socket of that end,
// and the process has it among its descriptors. A port number alone may have changed hands since it was looked up.
import { readFile } from 'node:fs/promises'
import type { ProcessFact } from '../../facts.ts'
import type { ConnectionEnds, ConnectionOwner } from '../../facts-network.ts'
import { findConnection } from './parse-sockets.ts'
import { socketsOf } from './process-sockets.ts'

/** Looks once. `identityOf` reads the present identity of a pid. */
export async function connectionOwner(
  { pid, identity }: Pick<ProcessFact, 'pid' | 'identity'>,
  { theirs, ours }: ConnectionEnds,
  identityOf: (pid: number) => string | null,
): Promise<ConnectionOwner> {
  const inode = await inodeOf(pid, { theirs, ours })
  if (inode === undefined) return 'unknown'
  if (identityOf(pid) !== identity) return 'other'
  if (inode === null) return 'other'
  // The connection is in the queue of the listener: who accepts it is not decided.
  if (inode === '0') return 'waiting'
  const sockets = socketsOf(pid)
  if (sockets === null) return 'unknown'
  // The descriptors were read of the process that was meant only if it has the pid still.
  return sockets.has(inode) && identityOf(pid) === identity ? 'own' : 'other'
}

/** Null: there is no such row in the network namespace of the process; undefined: its tables cannot be read. */
async function inodeOf(pid: number, { theirs, ours }: ConnectionEnds): Promise<string | null | undefined> {
  const read = (name: string): Promise<string | null> =>
    // Gone, another user's, or we are out of descriptors; without IPv6 there is no tcp6.
    readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => null)
  const [tcp, tcp6] = await Promise.all([read('tcp'), read('tcp6')])
  if (tcp === null) return undefined
  return findConnection(tcp, theirs, ours) ?? findConnection(tcp6 ?? '', theirs, ours)
}
