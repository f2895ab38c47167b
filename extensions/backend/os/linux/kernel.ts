// What only the kernel knows and Node has no call for: whether a pipe still has a reader, what is at the other end of a unix socket,
// and signals that can reach no other process than the one that was opened (man poll, sock_diag, pidfd_open, pidfd_getfd, pidfd_send_signal).
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { constants as osConstants } from 'node:os'
import { loadKoffi } from '../native/load-koffi.ts'

const POLLIN = 0x1
const POLLOUT = 0x4
const POLLERR = 0x8
const POLLHUP = 0x10
/** The same number on every architecture (they came after the tables were unified). */
const SYS_PIDFD_SEND_SIGNAL = 424
const SYS_PIDFD_OPEN = 434
const SYS_PIDFD_GETFD = 438
// man unix(7): `struct ucred` holds pid, uid and gid of the process that called socketpair(2).
const SOL_SOCKET = 1
const SO_PEERCRED = 17
const UCRED_BYTES = 12
const ESRCH = osConstants.errno.ESRCH

/** `unknown`: the descriptor cannot be opened just now, or leads to another pipe by now. */
export type PipeEnd = 'open' | 'closed' | 'unknown'

export interface Kernel {
  /** Whether the pipe that a process writes to has a reader anywhere, of any user and in any namespace. */
  pipeReader(pid: number, fd: number, inode: string): PipeEnd
  /** Whether the pipe that a process reads from has a writer anywhere. Nothing is read from it. */
  pipeWriter(pid: number, fd: number, inode: string): PipeEnd
  /** The inode of the socket that a unix socket of our network namespace is connected to, `0` once that is closed; null: not listed. */
  socketPeer(inode: string): string | null
  /**
   * The process that made a pair of unix sockets, as it was then, by one end of it: a client for its server's connection, the process
   * itself for a pair of its own; 0: one that our pid namespace does not show; null: not allowed to look.
   */
  socketCreator(pid: number, fd: number): number | null
  /** A descriptor that names this very process for ever; null: there is none, or the kernel is older than 5.3. Close it with `closeSync`. */
  openProcess(pid: number): number | null
  signalProcess(pidfd: number, signal: NodeJS.Signals): 'sent' | 'gone' | 'refused'
}

export type KernelLoading = { kernel: Kernel; problem: null } | { kernel: null; problem: string }

let loading: KernelLoading | null = null

/** Returns the calls, or why they cannot be made here. */
export function loadKernel(): KernelLoading {
  loading ??= load()
  return loading
}

function load(): KernelLoading {
  const { koffi, problem } = loadKoffi()
  if (koffi === null) return { kernel: null, problem }
  try {
    const libc = koffi.load(null)
    const calls: Calls = {
      poll: libc.func('int poll(_Inout_ uint8_t *fds, unsigned long count, int timeout)') as Calls['poll'],
      syscall: libc.func('long syscall(long number, long a, long b, long c, long d)') as Calls['syscall'],
      socket: libc.func('int socket(int domain, int type, int protocol)') as Calls['socket'],
      send: libc.func(
        'long send(int fd, const uint8_t *bytes, unsigned long length, int flags)',
      ) as Calls['send'],
      getsockopt: libc.func(
        'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
      ) as Calls['getsockopt'],
      recv: libc.func(
        'long recv(int fd, _Out_ uint8_t *bytes, unsigned long length, int flags)',
      ) as Calls['recv'],
      errno: () => koffi.errno(),
    }
    return { kernel: createKernel(calls), problem: null }
  } catch (error) {
    return { kernel: null, problem: error instanceof Error ? error.message : String(error) }
  }
}

interface Calls {
  poll(fds: Buffer, count: number, timeoutMs: number): number
  syscall(number: number, a: number, b: number, c: number, d: number): number
  socket(domain: number, type: number, protocol: number): number
  send(fd: number, bytes: Buffer, length: number, flags: number): number
  recv(fd: number, bytes: Buffer, length: number, flags: number): number
  getsockopt(fd: number, level: number, name: number, value: Buffer, length: [number]): number
  errno(): number
}

function createKernel(calls: Calls): Kernel {
  const entry = Buffer.alloc(8)
  const peers = createPeerLookup(calls)

  /** Opens the pipe once more for an instant: an end that stayed open would keep the other side from seeing the end. */
  function pollPipe(
    { pid, fd, inode }: { pid: number; fd: number; inode: string },
    access: number,
    wanted: number,
    closedBit: number,
  ): PipeEnd {
    const opened = openPipe(pid, fd, access)
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

  function openPipe(pid: number, fd: number, access: number): number | null {
    try {
      return openSync(`/proc/${pid}/fd/${fd}`, access | constants.O_NONBLOCK)
    } catch (error) {
      // A pipe that another user made may not be opened by us, only duplicated, where we may trace the process.
      const isRefused = error instanceof Error && 'code' in error && error.code === 'EACCES'
      return isRefused ? duplicate(pid, fd) : null
    }
  }

  function duplicate(pid: number, fd: number): number | null {
    const pidfd = calls.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0)
    if (pidfd < 0) return null
    try {
      const copy = calls.syscall(SYS_PIDFD_GETFD, pidfd, fd, 0, 0)
      return copy < 0 ? null : copy
    } finally {
      closeSync(pidfd)
    }
  }

  return {
    pipeReader: (pid, fd, inode) => pollPipe({ pid, fd, inode }, constants.O_WRONLY, POLLOUT, POLLERR),
    pipeWriter: (pid, fd, inode) => pollPipe({ pid, fd, inode }, constants.O_RDONLY, POLLIN, POLLHUP),
    socketPeer: peers,
    socketCreator(pid, fd) {
      const copy = duplicate(pid, fd)
      if (copy === null) return null
      try {
        const credentials = Buffer.alloc(UCRED_BYTES)
        const isKnown = calls.getsockopt(copy, SOL_SOCKET, SO_PEERCRED, credentials, [UCRED_BYTES]) === 0
        return isKnown ? credentials.readInt32LE(0) : null
      } finally {
        closeSync(copy)
      }
    },
    openProcess(pid) {
      const pidfd = calls.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0)
      return pidfd < 0 ? null : pidfd
    },
    signalProcess(pidfd, signal) {
      const result = calls.syscall(SYS_PIDFD_SEND_SIGNAL, pidfd, osConstants.signals[signal], 0, 0)
      if (result === 0) return 'sent'
      return calls.errno() === ESRCH ? 'gone' : 'refused'
    },
  }
}

// man sock_diag, linux/unix_diag.h.
const AF_UNIX = 1
const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 0o2000003
const NETLINK_SOCK_DIAG = 4
const SOCK_DIAG_BY_FAMILY = 20
const NLM_F_REQUEST = 1
const UDIAG_SHOW_PEER = 4
const UNIX_DIAG_PEER = 2
const HEADER_BYTES = 16
const REQUEST_BYTES = 24
const ANSWER_BYTES = 16
const MSG_DONTWAIT = 0x40

/** Asks the kernel for the peer of one socket by its inode, as `ss -x` does for all. */
function createPeerLookup({ socket, send, recv }: Calls): Kernel['socketPeer'] {
  let channel: number | null = null
  const request = Buffer.alloc(HEADER_BYTES + REQUEST_BYTES)
  request.writeUInt32LE(request.length, 0)
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4)
  request.writeUInt16LE(NLM_F_REQUEST, 6)
  request.writeUInt8(AF_UNIX, HEADER_BYTES)
  // All states; the cookie says "whichever".
  request.writeUInt32LE(0xffff_ffff, HEADER_BYTES + 4)
  request.writeUInt32LE(UDIAG_SHOW_PEER, HEADER_BYTES + 12)
  request.writeUInt32LE(0xffff_ffff, HEADER_BYTES + 16)
  request.writeUInt32LE(0xffff_ffff, HEADER_BYTES + 20)
  const answer = Buffer.alloc(4096)
  let sequence = 0

  return (inode) => {
    channel ??= socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG)
    if (channel < 0) {
      channel = null
      return null
    }
    sequence = (sequence + 1) >>> 0
    request.writeUInt32LE(sequence, 8)
    request.writeUInt32LE(Number(inode), HEADER_BYTES + 8)
    if (send(channel, request, request.length, 0) !== request.length) return null
    // The kernel answers within the call that sends; what is left of an earlier question is passed over.
    for (;;) {
      const length = recv(channel, answer, answer.length, MSG_DONTWAIT)
      if (length < HEADER_BYTES) return null
      if (answer.readUInt32LE(8) !== sequence) continue
      if (answer.readUInt16LE(4) !== SOCK_DIAG_BY_FAMILY) return null
      return readPeer(answer.subarray(0, length), inode)
    }
  }
}

function readPeer(answer: Buffer, inode: string): string | null {
  if (answer.readUInt32LE(HEADER_BYTES + 4) !== Number(inode)) return null
  for (let at = HEADER_BYTES + ANSWER_BYTES; at + 4 <= answer.length; ) {
    const length = answer.readUInt16LE(at)
    if (length < 4) break
    if (answer.readUInt16LE(at + 2) === UNIX_DIAG_PEER) return String(answer.readUInt32LE(at + 4))
    at += (length + 3) & ~3
  }
  return null
}
