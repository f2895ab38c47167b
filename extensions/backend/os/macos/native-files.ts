// The descriptors of one process, read by native calls.
import type { MacosCalls } from './native-calls.ts'
import {
  type Descriptor,
  type DescriptorRow,
  parseDescriptorRows,
  parseFile,
  parsePipe,
  parseSocket,
} from './native-descriptors.ts'
import {
  PIPE_FDINFO,
  PROC_FDINFO,
  PROX_FDTYPE_PIPE,
  PROX_FDTYPE_SOCKET,
  PROX_FDTYPE_VNODE,
  SOCKET_FDINFO,
  VNODE_FDINFOWITHPATH,
} from './native-layout.ts'

// bsd/sys/proc_info.h
const PROC_PIDLISTFDS = 1
const PROC_PIDFDVNODEPATHINFO = 2
const PROC_PIDFDSOCKETINFO = 3
const PROC_PIDFDPIPEINFO = 6

const FIRST_ROWS = 256
const MAX_ROWS = 1024 * 1024

/** `unread`: it is open, and what it is cannot be read. */
export type HeldDescriptor = { fd: number } & (Descriptor | { kind: 'unread' })
export type DescriptorType = 'pipe' | 'socket' | 'file'

export interface NativeFiles {
  /** The descriptors of these types; null: cannot be read. Others are not in it. */
  descriptors(pid: number, types: ReadonlySet<DescriptorType>): readonly HeldDescriptor[] | null
  /** One pipe or socket; null: it is neither now, or cannot be read. */
  descriptor(pid: number, fd: number, kind: 'pipe' | 'socket'): Descriptor | null
}

const KINDS = new Map<number, DescriptorType>([
  [PROX_FDTYPE_PIPE, 'pipe'],
  [PROX_FDTYPE_SOCKET, 'socket'],
  [PROX_FDTYPE_VNODE, 'file'],
])

const ANSWERS = {
  pipe: { flavor: PROC_PIDFDPIPEINFO, size: PIPE_FDINFO.size, parse: parsePipe },
  socket: { flavor: PROC_PIDFDSOCKETINFO, size: SOCKET_FDINFO.size, parse: parseSocket },
  file: { flavor: PROC_PIDFDVNODEPATHINFO, size: VNODE_FDINFOWITHPATH.size, parse: parseFile },
} as const

/** Creates a reader that keeps its buffers. */
export function createNativeFiles(
  calls: Pick<MacosCalls, 'proc_pidinfo' | 'proc_pidfdinfo' | 'errno'>,
): NativeFiles {
  const info = Buffer.alloc(VNODE_FDINFOWITHPATH.size)
  let rows = Buffer.alloc(FIRST_ROWS * PROC_FDINFO.size)

  function readRows(pid: number): readonly DescriptorRow[] | null {
    for (;;) {
      calls.errno(0)
      const size = calls.proc_pidinfo(pid, PROC_PIDLISTFDS, 0, rows, rows.length)
      // 0 is also the answer for a process without descriptors.
      if (size <= 0 && calls.errno() !== 0) return null
      // The kernel leaves out what does not fit and does not say so.
      if (size < rows.length) return parseDescriptorRows(rows.subarray(0, Math.max(size, 0)))
      if (rows.length >= MAX_ROWS * PROC_FDINFO.size) return null
      rows = Buffer.alloc(rows.length * 2)
    }
  }

  function read(pid: number, fd: number, kind: DescriptorType): Descriptor | null {
    const { flavor, size, parse } = ANSWERS[kind]
    return calls.proc_pidfdinfo(pid, fd, flavor, info, size) === size ? parse(info) : null
  }

  return {
    descriptor: read,
    descriptors(pid, types) {
      const listed = readRows(pid)
      if (listed === null) return null
      return listed.flatMap(({ fd, type }): HeldDescriptor[] => {
        const kind = KINDS.get(type)
        if (kind === undefined || !types.has(kind)) return []
        return [{ fd, ...(read(pid, fd, kind) ?? { kind: 'unread' as const }) }]
      })
    },
  }
}
