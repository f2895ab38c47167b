// Whether this kernel counts references of unix sockets as the judgement of a wire needs it: tried on a child of our own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { socketInode } from './parse-sockets.ts'
import { parseDescriptorFlags, parseUnixReferences } from './parse-wire.ts'
import { readLink, readProcText, readWhole } from './read-proc.ts'

export const OPEN_REFERENCES = 3
export const CLOSED_REFERENCES = 2
const PATIENCE_MS = 1_000

/** True: a child's stdin counted 3 while we held its other end and 2 once we had closed it. Takes a few milliseconds. */
export async function areSocketReferencesTold(): Promise<boolean> {
  const child = spawn('sleep', ['5'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  // A closed end is what is tried here.
  child.stdin.on('error', () => undefined)
  try {
    await once(child, 'spawn')
    const inode = socketInode(readLink(`/proc/${child.pid}/fd/0`) ?? '')
    if (inode === null || parseDescriptorFlags(readProcText(`/proc/${child.pid}/fdinfo/0`) ?? '') === null)
      return false
    const references = (): number | undefined =>
      parseUnixReferences(readWhole('/proc/net/unix') ?? '').get(inode)
    if (references() !== OPEN_REFERENCES) return false
    child.stdin.destroy()
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(5))
      if (references() !== OPEN_REFERENCES) break
    return references() === CLOSED_REFERENCES
  } catch {
    // No `sleep`, no descriptors, no /proc/net/unix: then the count is not told.
    return false
  } finally {
    child.kill('SIGKILL')
    if (child.pid !== undefined) await gone
  }
}
