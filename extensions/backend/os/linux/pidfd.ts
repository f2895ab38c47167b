// Descriptors that name one process and never another (man pidfd_open, pidfd_getfd, pidfd_send_signal).
import { closeSync } from 'node:fs'
import { constants } from 'node:os'
import type { LibcCalls } from './libc-calls.ts'

/** The same number on every architecture (they came after the tables were unified). */
const SYS_PIDFD_SEND_SIGNAL = 424
const SYS_PIDFD_OPEN = 434
const SYS_PIDFD_GETFD = 438

/** Opens a pidfd; null: there is no such process, or the kernel is older than 5.3. */
export function openPidfd({ syscall }: LibcCalls, pid: number): number | null {
  const pidfd = syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0)
  return pidfd < 0 ? null : pidfd
}

/** Duplicates a descriptor of a process that we may trace; null: refused. Close it with `closeSync`. */
export function duplicateDescriptor(calls: LibcCalls, pid: number, fd: number): number | null {
  const pidfd = openPidfd(calls, pid)
  if (pidfd === null) return null
  try {
    const copy = calls.syscall(SYS_PIDFD_GETFD, pidfd, fd, 0, 0)
    return copy < 0 ? null : copy
  } finally {
    closeSync(pidfd)
  }
}

export function signalPidfd(
  { syscall, errno }: LibcCalls,
  pidfd: number,
  signal: NodeJS.Signals,
): 'sent' | 'gone' | 'refused' {
  const result = syscall(SYS_PIDFD_SEND_SIGNAL, pidfd, constants.signals[signal], 0, 0)
  if (result === 0) return 'sent'
  return errno() === constants.errno.ESRCH ? 'gone' : 'refused'
}
