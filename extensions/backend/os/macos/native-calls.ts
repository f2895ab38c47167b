// The functions of macOS that Node has none for: libproc and sysctl, through koffi. Never run on a Mac. Apple promises that libSystem
// keeps these functions; the structures that they fill are public (native-layout.ts). Before any of it is believed, native-check.ts
// compares what it says of this process with what is known of it.
import type * as Koffi from 'koffi'
import { loadKoffi } from '../native/load-koffi.ts'

export interface MacosCalls {
  /** Returns the number of pids written; 0: an error. */
  proc_listallpids(bytes: Buffer, size: number): number
  /** Returns the bytes written; 0: an error, or nothing to write. */
  proc_pidinfo(pid: number, flavor: number, argument: number, bytes: Buffer, size: number): number
  proc_pidfdinfo(pid: number, fd: number, flavor: number, bytes: Buffer, size: number): number
  /** Returns the length of the path; 0: an error. */
  proc_pidpath(pid: number, bytes: Buffer, size: number): number
  sysctl(name: Int32Array, count: number, bytes: Buffer, size: [number], value: null, length: number): number
  mach_timebase_info(bytes: Buffer): number
  pipe(ends: Int32Array): number
  socketpair(domain: number, type: number, protocol: number, ends: Int32Array): number
  close(fd: number): number
  /** The error of the last call; with a value: sets it. */
  errno(value?: number): number
}

/** In the shared cache of dyld: the file itself does not exist since macOS 11. */
const LIBRARY = '/usr/lib/libSystem.B.dylib'

export const PROTOTYPES = {
  proc_listallpids: 'int proc_listallpids(_Out_ uint8_t *bytes, int size)',
  proc_pidinfo: 'int proc_pidinfo(int pid, int flavor, uint64_t argument, _Out_ uint8_t *bytes, int size)',
  proc_pidfdinfo: 'int proc_pidfdinfo(int pid, int fd, int flavor, _Out_ uint8_t *bytes, int size)',
  proc_pidpath: 'int proc_pidpath(int pid, _Out_ uint8_t *bytes, uint32_t size)',
  sysctl:
    'int sysctl(const int32_t *name, uint32_t count, _Out_ uint8_t *bytes, _Inout_ size_t *size, void *value, size_t length)',
  mach_timebase_info: 'int mach_timebase_info(_Out_ uint8_t *bytes)',
  pipe: 'int pipe(_Out_ int32_t *ends)',
  socketpair: 'int socketpair(int domain, int type, int protocol, _Out_ int32_t *ends)',
  close: 'int close(int fd)',
} as const

const NAMES = Object.keys(PROTOTYPES) as (keyof typeof PROTOTYPES)[]

export type CallsLoading = { calls: MacosCalls; problem: null } | { calls: null; problem: string }

/** Returns the calls, or why they are not available. */
export function loadMacosCalls(): CallsLoading {
  if (process.platform !== 'darwin') return { calls: null, problem: 'this is not macOS' }
  const { koffi, problem } = loadKoffi()
  if (koffi === null) return { calls: null, problem }
  try {
    const calls = bindCalls(koffi, koffi.load(LIBRARY), NAMES) as unknown as MacosCalls
    return { calls, problem: null }
  } catch (error) {
    return { calls: null, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Binds functions of a library, by the prototypes above. */
export function bindCalls<Name extends keyof typeof PROTOTYPES>(
  koffi: typeof Koffi,
  library: ReturnType<typeof Koffi.load>,
  names: readonly Name[],
): Pick<MacosCalls, Name | 'errno'> {
  const functions = names.map((name) => [name, library.func(PROTOTYPES[name])])
  const errno = (value?: number): number => (value === undefined ? koffi.errno() : koffi.errno(value))
  return { ...Object.fromEntries(functions), errno } as Pick<MacosCalls, Name | 'errno'>
}
