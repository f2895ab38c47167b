// The descriptors of a process that may be an end of its MCP connection.
import { statSync } from 'node:fs'
import { parseDescriptorFlags, pipeInode } from './parse-descriptor.ts'
import { socketInode } from './parse-sockets.ts'
import { listDescriptors, readProcText } from './read-proc.ts'

/** `other`: a terminal, a named pipe or a file, which a client may use too, and about which nothing can be proven. */
export type EndKind = 'pipe' | 'socket' | 'other'

export interface DescriptorEnd {
  fd: number
  kind: EndKind
  /** Of `other`: its path. */
  inode: string
  canRead: boolean
  canWrite: boolean
  /** It was not inherited and is not passed on: as every descriptor that Python makes by itself. */
  isPrivate: boolean
}

export interface Descriptors {
  /** The targets of descriptors 0 and 1; null: closed. */
  standard: readonly [string | null, string | null]
  ends: readonly DescriptorEnd[]
}

/** The descriptors of a Serena that are its connection. */
export interface Ends {
  input: DescriptorEnd | null
  outputs: readonly DescriptorEnd[]
}

/** Returns what process `pid` holds; null: that cannot be read. */
export function readDescriptors(pid: number): Descriptors | null {
  const listed = listDescriptors(pid)
  if (listed === null) return null
  const targetOf = (wanted: number): string | null => listed.find(({ fd }) => fd === wanted)?.target ?? null
  const ends = listed.flatMap(({ fd, target }) => {
    const found = kindOf(pid, fd, target)
    const flags = found && parseDescriptorFlags(readProcText(`/proc/${pid}/fdinfo/${fd}`) ?? '')
    if (!found || !flags) return []
    return [
      { fd, ...found, canRead: flags.canRead, canWrite: flags.canWrite, isPrivate: flags.isCloseOnExec },
    ]
  })
  return { standard: [targetOf(0), targetOf(1)], ends }
}

function kindOf(pid: number, fd: number, target: string): Pick<DescriptorEnd, 'kind' | 'inode'> | null {
  const pipe = pipeInode(target)
  if (pipe !== null) return { kind: 'pipe', inode: pipe }
  const socket = socketInode(target)
  if (socket !== null) return { kind: 'socket', inode: socket }
  return target.startsWith('/') && mayCarryMessages(pid, fd, target) ? { kind: 'other', inode: target } : null
}

/** Neither a log of Serena nor the null device carries messages. */
function mayCarryMessages(pid: number, fd: number, target: string): boolean {
  if (target === '/dev/null' || target.startsWith('/dev/') === false) {
    if (target === '/dev/null' || /\/logs\/.*\.(txt|log)$/.test(target)) return false
    try {
      const stats = statSync(`/proc/${pid}/fd/${fd}`)
      return stats.isFIFO() || stats.isFile()
    } catch {
      // Gone between two reads.
      return true
    }
  }
  return /^\/dev\/(pts\/|tty|console)/.test(target)
}
