// Whether the output of a process of this user has a reader anywhere. Loaded only when needed: it brings native calls.

import { loadKernel } from './kernel.ts'
import { pipeInode } from './parse-descriptor.ts'
import { socketInode } from './parse-sockets.ts'
import { readLink } from './read-proc.ts'
import { endsByReferences, isReliable } from './socket-ends.ts'

/** Returns a check; its answer is false only where it is proven that no process reads descriptor 1 of process `pid`. */
export async function createOutputCheck(pid = process.pid): Promise<() => boolean> {
  const link = readLink(`/proc/${pid}/fd/1`) ?? ''
  const { kernel } = loadKernel()
  const pipe = pipeInode(link)
  // Without native calls nothing is proven; the end of the input still ends it, as it ends any Serena.
  if (pipe !== null) return () => kernel?.pipeReader(pid, 1, pipe) !== 'closed'
  const socket = socketInode(link)
  // A terminal, a file or a named pipe, which may get another reader.
  if (socket === null) return () => true
  const byReferences = endsByReferences(() => performance.now())
  if (await isReliable(byReferences)) return () => byReferences(pid, socket) !== 'closed'
  return () => kernel?.socketPeer(socket) !== '0'
}
