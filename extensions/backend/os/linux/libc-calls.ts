// Calls of the C library that Node has no function for.
import { loadKoffi } from '../native/load-koffi.ts'

export interface LibcCalls {
  poll(fds: Buffer, count: number, timeoutMs: number): number
  syscall(number: number, a: number, b: number, c: number, d: number): number
  socket(domain: number, type: number, protocol: number): number
  send(fd: number, bytes: Buffer, length: number, flags: number): number
  recv(fd: number, bytes: Buffer, length: number, flags: number): number
  getsockopt(fd: number, level: number, name: number, value: Buffer, length: [number]): number
  errno(): number
}

const PROTOTYPES = {
  poll: 'int poll(_Inout_ uint8_t *fds, unsigned long count, int timeout)',
  syscall: 'long syscall(long number, long a, long b, long c, long d)',
  socket: 'int socket(int domain, int type, int protocol)',
  send: 'long send(int fd, const uint8_t *bytes, unsigned long length, int flags)',
  recv: 'long recv(int fd, _Out_ uint8_t *bytes, unsigned long length, int flags)',
  getsockopt: 'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
} as const

/** Returns the calls, or why they are not available. */
export function loadLibcCalls(): { calls: LibcCalls; problem: null } | { calls: null; problem: string } {
  const { koffi, problem } = loadKoffi()
  if (koffi === null) return { calls: null, problem }
  try {
    const libc = koffi.load(null)
    const functions = Object.entries(PROTOTYPES).map(([name, prototype]) => [name, libc.func(prototype)])
    const calls = { ...Object.fromEntries(functions), errno: () => koffi.errno() } as LibcCalls
    return { calls, problem: null }
  } catch (error) {
    return { calls: null, problem: error instanceof Error ? error.message : String(error) }
  }
}
