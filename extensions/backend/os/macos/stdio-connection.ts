// The stdio connection of a Serena on a Mac, by `lsof`: read only of those whose parent is launchd, because a run takes long.
// docs/dev/platform-facts.md lists what was never tested.

import type { ConnectionFacts } from '../connection-facts.ts'
import { launchersAbove } from '../launchers-above.ts'
import type { ProcessFact } from '../process-facts.ts'
import { judgeKnownConnection, judgePrivateConnection, type Peer, type StdioEnd } from './judge-connection.ts'
import type { OpenFilesLookup } from './open-files.ts'
import type { OpenEnd, OpenFiles } from './parse-lsof.ts'

/** The connection is not read again before this. */
const FRESH_MS = 5_000

const unknown = (...evidence: string[]): ConnectionFacts => ({ clientEnd: 'unknown', evidence })

/** Creates a lookup of connections; `tree`: the instance, its launchers and descendants. */
export const createMacosStdio =
  (openFiles: OpenFilesLookup) =>
  async (process: ProcessFact, tree: readonly ProcessFact[]): Promise<ConnectionFacts> => {
    const launchers = launchersAbove(process, tree)
    if ((launchers.at(-1) ?? process).ppid > 1) return unknown()
    const inside = tree.filter((one) => !launchers.includes(one))
    const found = await openFiles([process, ...inside], () => FRESH_MS)
    const own = found.get(process.pid) ?? null
    if (own === null) return unknown(`The descriptors of process ${process.pid} cannot be read.`)
    return judgeConnection(
      own,
      inside.flatMap(({ pid }) => found.get(pid)?.ends ?? []),
    )
  }

/** Returns what the ends of a process say, `inside` being those of itself and of all below it. Pure. */
export function judgeConnection({ stdin, ends }: OpenFiles, inside: readonly OpenEnd[]): ConnectionFacts {
  const handles = new Set(inside.map(({ handle }) => handle))
  const peerOf = ({ peer }: OpenEnd): Peer => {
    if (peer === null) return { kind: 'gone' }
    return handles.has(peer) ? { kind: 'inside' } : { kind: 'held', by: null }
  }
  const at = (fd: number): OpenEnd | undefined => ends.find((end) => end.fd === fd)
  const [first, second] = [at(0), at(1)]
  if (first) return judgeKnownConnection(peerOf(first), second ? peerOf(second) : null)
  if (stdin !== null && stdin !== '/dev/null')
    return {
      clientEnd: 'not-applicable',
      evidence: [`Its stdin is ${stdin}, which is not a pipe or a socket.`],
    }
  // mcp 2.x moves the connection to other descriptors. lsof does not report whether an end of a pipe reads or writes: sockets only.
  const sockets = ends
    .filter(({ fd, kind }) => fd > 2 && kind === 'socket')
    .map((end) => asStdioEnd(end, peerOf(end)))
  const judged = judgePrivateConnection(sockets)
  return judged.clientEnd === 'not-applicable'
    ? unknown('Cannot determine which of its descriptors is its MCP connection.')
    : judged
}

const asStdioEnd = ({ fd, kind, handle }: OpenEnd, peer: Peer): StdioEnd & { peer: Peer } => ({
  fd,
  kind,
  inode: handle,
  canRead: true,
  canWrite: true,
  peer,
})
