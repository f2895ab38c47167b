// Whether the other end of a process's pipe is open anywhere, of any user and in any namespace (man poll). Nothing is read from it.
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { codeOf } from '../../lib/error-code.ts'
import type { LibcCalls } from './libc-calls.ts'
import { duplicateDescriptor } from './pidfd.ts'

const POLLIN = 0x1
const POLLOUT = 0x4
const POLLERR = 0x8
const POLLHUP = 0x10

/** `unknown`: the descriptor cannot be opened now, or now refers to another pipe. */
export type PipeEnd = 'open' | 'closed' | 'unknown'

interface PollRequest {
  access: number
  wanted: number
  closedBit: number
}

/** Polls the writing end of a pipe for a reader. */
export const FOR_READER: PollRequest = {
  access: constants.O_WRONLY,
  wanted: POLLOUT,
  closedBit: POLLERR,
}
/** Polls the reading end of a pipe for a writer. */
export const FOR_WRITER: PollRequest = {
  access: constants.O_RDONLY,
  wanted: POLLIN,
  closedBit: POLLHUP,
}

const entry = Buffer.alloc(8)

/** Opens the pipe once more for an instant: an end that stayed open would keep the other side from seeing the end. */
export function pollPipe(
  calls: LibcCalls,
  { pid, fd, inode }: { pid: number; fd: number; inode: string },
  { access, wanted, closedBit }: PollRequest,
): PipeEnd {
  const opened = openPipe(calls, pid, fd, access)
  if (opened === null) return 'unknown'
  try {
    // Between the listing and here the number may have been given to another file.
    if (String(fstatSync(opened).ino) !== inode) return 'unknown'
    entry.writeInt32LE(opened, 0)
    entry.writeInt16LE(wanted, 4)
    entry.writeInt16LE(0, 6)
    if (calls.poll(entry, 1, 0) < 0) return 'unknown'
    return (entry.readInt16LE(6) & closedBit) === 0 ? 'open' : 'closed'
  } finally {
    closeSync(opened)
  }
}

function openPipe(calls: LibcCalls, pid: number, fd: number, access: number): number | null {
  try {
    return openSync(`/proc/${pid}/fd/${fd}`, access | constants.O_NONBLOCK)
  } catch (error) {
    // A pipe that another user made may not be opened by us, only duplicated, where we may trace the process.
    return codeOf(error) === 'EACCES' ? duplicateDescriptor(calls, pid, fd) : null
  }
}
