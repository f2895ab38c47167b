// The MCP wire of a stdio Serena on a Mac, by `lsof`: asked only of those above whom nobody stands but launchd, for a run of it
// takes a while. docs/platforms.md says what was never tried.
import type { ProcessFact } from '../../facts.ts'
import type { WireFacts } from '../connection-facts.ts'
import { launchersAbove } from '../launchers-above.ts'
import { judgeKnownWire, judgePrivateWire, type Peer, type WireEnd } from './judge-wire.ts'
import type { OpenFilesLookup } from './open-files.ts'
import type { OpenEnd, OpenFiles } from './parse-lsof.ts'

/** A second look comes no sooner. */
const FRESH_MS = 5_000

const unknown = (...evidence: string[]): WireFacts => ({ clientEnd: 'unknown', evidence })

/** A lookup of wires; `tree`: the instance, its launchers and descendants. */
export const createMacosWire =
  (openFiles: OpenFilesLookup) =>
  async (process: ProcessFact, tree: readonly ProcessFact[]): Promise<WireFacts> => {
    const launchers = launchersAbove(process, tree)
    if ((launchers.at(-1) ?? process).ppid > 1) return unknown()
    const inside = tree.filter((one) => !launchers.includes(one))
    const found = await openFiles([process, ...inside], () => FRESH_MS)
    const own = found.get(process.pid) ?? null
    if (own === null) return unknown(`The descriptors of process ${process.pid} cannot be read.`)
    return judgeWire(
      own,
      inside.flatMap(({ pid }) => found.get(pid)?.ends ?? []),
    )
  }

/** What the ends of a process say, `inside` being those of itself and of all below it. Pure. */
export function judgeWire({ stdin, ends }: OpenFiles, inside: readonly OpenEnd[]): WireFacts {
  const handles = new Set(inside.map(({ handle }) => handle))
  const peerOf = ({ peer }: OpenEnd): Peer => {
    if (peer === null) return { kind: 'gone' }
    return handles.has(peer) ? { kind: 'inside' } : { kind: 'held', by: null }
  }
  const at = (fd: number): OpenEnd | undefined => ends.find((end) => end.fd === fd)
  const [first, second] = [at(0), at(1)]
  if (first) return judgeKnownWire(peerOf(first), second ? peerOf(second) : null)
  if (stdin !== null && stdin !== '/dev/null')
    return { clientEnd: 'not-applicable', evidence: [`Its stdin is ${stdin}, which is no wire.`] }
  // mcp 2.x moves the wire to other descriptors. lsof tells of neither end of a pipe whether it reads or writes: sockets only.
  const sockets = ends
    .filter(({ fd, kind }) => fd > 2 && kind === 'socket')
    .map((end) => asWireEnd(end, peerOf(end)))
  const judged = judgePrivateWire(sockets)
  return judged.clientEnd === 'not-applicable'
    ? unknown('Which of its descriptors is the wire cannot be told.')
    : judged
}

const asWireEnd = ({ fd, kind, handle }: OpenEnd, peer: Peer): WireEnd & { peer: Peer } => ({
  fd,
  kind,
  inode: handle,
  canRead: true,
  canWrite: true,
  peer,
})
