// Whether the other end of an open connection of ours belongs to one process: the kernel's table names the socket of that end,
// and the process has it among its descriptors. A port number alone may belong to another process since it was read.
import { readFile } from 'node:fs/promises'
import type { ConnectionEnds, ConnectionOwner } from '../network-facts.ts'
import type { ProcessFact } from '../process-facts.ts'
import { findConnection } from './parse-sockets.ts'
import { socketsOf } from './process-sockets.ts'

/** Reads it once. `identityOf` reads the present identity of a pid. */
export async function connectionOwner(
  { pid, identity }: Pick<ProcessFact, 'pid' | 'identity'>,
  { theirs, ours }: ConnectionEnds,
  identityOf: (pid: number) => string | null,
): Promise<ConnectionOwner> {
  const inode = await inodeOf(pid, { theirs, ours })
  if (inode === undefined) return 'unknown'
  if (identityOf(pid) !== identity) return 'other'
  if (inode === null) return 'other'
  // The connection is in the queue of the listener: no process has accepted it yet.
  if (inode === '0') return 'waiting'
  const sockets = socketsOf(pid)
  if (sockets === null) return 'unknown'
  // The descriptors are those of the intended process only if it still has the pid.
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
