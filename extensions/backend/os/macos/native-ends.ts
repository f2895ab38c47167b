// The descriptors of a process that may be an end of its MCP connection, in the form that is judged on every platform.
import type { DescriptorEnd, Descriptors } from '../linux/descriptors.ts'
import type { AncestorEnds } from '../mcp-connection.ts'
import type { ChannelEnd, OpenFile } from './native-descriptors.ts'
import type { DescriptorType, HeldDescriptor, NativeFiles } from './native-files.ts'
import { isChannel } from './native-holders.ts'
import { isSerenaLog } from './parse-lsof.ts'

const ALL: ReadonlySet<DescriptorType> = new Set(['pipe', 'socket', 'file'])

// bsd/sys/stat.h
const S_IFIFO = 0o010000
const S_IFREG = 0o100000

export interface NativeEnds {
  descriptors: Descriptors
  /** By handle, which is `inode` in `descriptors`. */
  channels: ReadonlyMap<string, ChannelEnd>
}

/** Returns what process `pid` holds; null: that, or its descriptor 0 or 1, cannot be read. */
export function readNativeEnds(files: NativeFiles, pid: number): NativeEnds | null {
  const held = readWhole(files, pid)
  if (held === null || held.some(({ fd, kind }) => fd < 2 && kind === 'unread')) return null
  const channels = held.filter(isChannel)
  return {
    descriptors: { standard: [targetOf(held, 0), targetOf(held, 1)], ends: held.flatMap(endOf) },
    channels: new Map(channels.map((one) => [one.handle, one])),
  }
}

/** A descriptor that was closed while it was read is not listed the second time. */
function readWhole(files: NativeFiles, pid: number): readonly HeldDescriptor[] | null {
  const held = files.descriptors(pid, ALL)
  return held?.some(({ kind }) => kind === 'unread') ? files.descriptors(pid, ALL) : held
}

function targetOf(held: readonly HeldDescriptor[], wanted: number): string | null {
  const found = held.find(({ fd }) => fd === wanted)
  if (!found) return null
  if (found.kind === 'file') return found.path === '' ? 'a removed file' : found.path
  return isChannel(found) ? `${found.kind} ${found.handle}` : 'a socket of another kind'
}

function endOf(one: HeldDescriptor): DescriptorEnd[] {
  const { fd } = one
  if (isChannel(one)) {
    const { kind, handle, canRead, canWrite, isPrivate } = one
    return [{ fd, kind, inode: handle, canRead, canWrite, isPrivate }]
  }
  if (one.kind === 'file') {
    const { path, canRead, canWrite, isPrivate } = one
    return mayCarryMessages(one) ? [{ fd, kind: 'other', inode: path, canRead, canWrite, isPrivate }] : []
  }
  // It may be the connection: as long as that is open, nothing is concluded from the others.
  if (one.kind === 'unread')
    return [{ fd, kind: 'other', inode: `descriptor ${fd}`, canRead: true, canWrite: true, isPrivate: true }]
  return []
}

/** A terminal, a named pipe or a file may be the connection; the null device and a log of Serena are not. */
function mayCarryMessages({ path, format }: OpenFile): boolean {
  if (isSerenaLog(path)) return false
  return format === S_IFIFO || format === S_IFREG || /^\/dev\/(tty|console)/.test(path)
}

/** Returns the pipes and sockets that a process has on its descriptors 0 and 1. */
export function standardEndsOf(files: NativeFiles, pid: number): AncestorEnds {
  const at = (fd: number): ChannelEnd | null => {
    const found = files.descriptor(pid, fd, 'pipe') ?? files.descriptor(pid, fd, 'socket')
    return found && isChannel(found) ? found : null
  }
  const [first, second] = [at(0), at(1)]
  return {
    input: first?.canRead ? first.handle : null,
    output: second?.canWrite ? second.handle : null,
  }
}
