// Whether the output of this very process has a reader anywhere. Loaded only when there is a reason to look: it brings native calls.

import { loadKernel } from './kernel.ts'
import { socketInode } from './parse-sockets.ts'
import { pipeInode } from './parse-wire.ts'
import { readLink } from './read-proc.ts'
import { endsByReferences, isRight } from './socket-ends.ts'

/** Returns a check; its answer is false only where it is proven that no process reads descriptor 1. */
export async function createOwnOutputCheck(): Promise<() => boolean> {
  const link = readLink('/proc/self/fd/1') ?? ''
  const { pid } = process
  const { kernel } = loadKernel()
  const pipe = pipeInode(link)
  // Without native calls nothing is proven; the end of the input still ends it, as it ends any Serena.
  if (pipe !== null) return () => kernel?.pipeReader(pid, 1, pipe) !== 'closed'
  const socket = socketInode(link)
  // A terminal, a file or a named pipe, which may get another reader.
  if (socket === null) return () => true
  const byReferences = endsByReferences(() => performance.now())
  if (await isRight(byReferences)) return () => byReferences(pid, socket) !== 'closed'
  return () => kernel?.socketPeer(socket) !== '0'
}
