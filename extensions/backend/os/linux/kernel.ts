// Facts that only the kernel has and Node has no call for: whether a pipe still has a reader, what is at the other end of a unix socket,
// and signals that can reach no other process than the one that was opened.
import { closeSync } from 'node:fs'
import { type LibcCalls, loadLibcCalls } from './libc-calls.ts'
import { duplicateDescriptor, openPidfd, signalPidfd } from './pidfd.ts'
import { FOR_READER, FOR_WRITER, type PipeEnd, pollPipe } from './pipe-end.ts'
import { createPeerLookup } from './socket-diag.ts'

// man unix(7): `struct ucred` holds pid, uid and gid of the process that called socketpair(2).
const SOL_SOCKET = 1
const SO_PEERCRED = 17
const UCRED_BYTES = 12

export interface Kernel {
  /** Whether the pipe that a process writes to has a reader anywhere, of any user and in any namespace. */
  pipeReader(pid: number, fd: number, inode: string): PipeEnd
  /** Whether the pipe that a process reads from has a writer anywhere. Nothing is read from it. */
  pipeWriter(pid: number, fd: number, inode: string): PipeEnd
  /** The inode of the socket that a unix socket of our network namespace is connected to, `0` once that is closed; null: not listed. */
  socketPeer(inode: string): string | null
  /**
   * The process that made a pair of unix sockets, as it was then, by one end of it: a client for its server's connection, the process
   * itself for a pair of its own; 0: one that our pid namespace does not show; null: no permission.
   */
  socketCreator(pid: number, fd: number): number | null
  /** A descriptor that always refers to this process; null: none, or the kernel is older than 5.3. Close it with `closeSync`. */
  openProcess(pid: number): number | null
  signalProcess(pidfd: number, signal: NodeJS.Signals): 'sent' | 'gone' | 'refused'
}

export type KernelLoading = { kernel: Kernel; problem: null } | { kernel: null; problem: string }

let loading: KernelLoading | null = null

/** Returns the calls, or why they are not available. */
export function loadKernel(): KernelLoading {
  loading ??= load()
  return loading
}

function load(): KernelLoading {
  const { calls, problem } = loadLibcCalls()
  return calls === null ? { kernel: null, problem } : { kernel: createKernel(calls), problem: null }
}

const createKernel = (calls: LibcCalls): Kernel => ({
  pipeReader: (pid, fd, inode) => pollPipe(calls, { pid, fd, inode }, FOR_READER),
  pipeWriter: (pid, fd, inode) => pollPipe(calls, { pid, fd, inode }, FOR_WRITER),
  socketPeer: createPeerLookup(calls),
  socketCreator: (pid, fd) => readCreator(calls, pid, fd),
  openProcess: (pid) => openPidfd(calls, pid),
  signalProcess: (pidfd, signal) => signalPidfd(calls, pidfd, signal),
})

function readCreator(calls: LibcCalls, pid: number, fd: number): number | null {
  const copy = duplicateDescriptor(calls, pid, fd)
  if (copy === null) return null
  try {
    const credentials = Buffer.alloc(UCRED_BYTES)
    const isKnown = calls.getsockopt(copy, SOL_SOCKET, SO_PEERCRED, credentials, [UCRED_BYTES]) === 0
    return isKnown ? credentials.readInt32LE(0) : null
  } finally {
    closeSync(copy)
  }
}
