// What the system says of one process, read by native calls. "Cannot be read" is never "has exited": only ESRCH, or a list without the
// process, means that.
import { type NativeArguments, parseArguments } from './native-arguments.ts'
import type { MacosCalls } from './native-calls.ts'
import {
  type Folders,
  type NativeProcess,
  parseBsdInfo,
  parseFolders,
  parseKinfo,
  parseTaskInfo,
  type Timebase,
  type Usage,
} from './native-facts.ts'
import { KINFO_PROC, PROC_BSDINFO, PROC_TASKINFO, PROC_VNODEPATHINFO } from './native-layout.ts'

// bsd/sys/proc_info.h, bsd/sys/sysctl.h, bsd/sys/errno.h
const PROC_PIDTBSDINFO = 3
const PROC_PIDTASKINFO = 4
const PROC_PIDVNODEPATHINFO = 9
/** The argument of PROC_PIDTBSDINFO: defunct processes too. */
const WITH_ZOMBIES = 1
const CTL_KERN = 1
const KERN_PROC = 14
const KERN_PROC_PID = 1
const KERN_PROCARGS2 = 49
const ESRCH = 3
/** ARG_MAX, and the most that KERN_PROCARGS2 takes. With less it copies the end of the arguments and leaves out their start. */
const ARGUMENT_BYTES = 1024 * 1024
/** PROC_PIDPATHINFO_MAXSIZE. */
const PATH_BYTES = 4096
const PID_BYTES = 4
const FIRST_PIDS = 2048
const MAX_PIDS = 1024 * 1024

/** `gone`: there is no such process; `unread`: there may be one. */
export type ProcessReading = NativeProcess | 'gone' | 'unread'

export interface NativeReader {
  /** Every pid, defunct processes too; null: cannot be read. */
  pids(): readonly number[] | null
  process(pid: number): ProcessReading
  /** Null: another user's, defunct, or it has exited. */
  usage(pid: number): Usage | null
  arguments(pid: number): NativeArguments | null
  folders(pid: number): Folders | null
  /** The file of its program; null: removed, or not readable. */
  program(pid: number): string | null
}

/** Creates a reader that keeps its buffers: nothing of it is used after the next call. */
export function createNativeReader(calls: MacosCalls): NativeReader {
  const info = Buffer.alloc(PROC_VNODEPATHINFO.size)
  const path = Buffer.alloc(PATH_BYTES)
  let timebase: Timebase | null = null

  const pidInfo = (pid: number, flavor: number, argument: number, size: number): boolean => {
    calls.errno(0)
    return calls.proc_pidinfo(pid, flavor, argument, info, size) === size
  }

  /** The kernel gives the start of another user's process only here. */
  function readKinfo(pid: number): ProcessReading {
    const size: [number] = [KINFO_PROC.size]
    const name = Int32Array.of(CTL_KERN, KERN_PROC, KERN_PROC_PID, pid)
    if (calls.sysctl(name, name.length, info, size, null, 0) !== 0) return 'unread'
    const written = Number(size[0])
    if (written === 0) return 'gone'
    if (written !== KINFO_PROC.size) return 'unread'
    const found = parseKinfo(info)
    return found.pid === pid ? found : 'unread'
  }

  return {
    pids: makePidReader(calls),

    process(pid) {
      if (pidInfo(pid, PROC_PIDTBSDINFO, WITH_ZOMBIES, PROC_BSDINFO.size)) {
        const found = parseBsdInfo(info)
        return found.pid === pid ? found : 'unread'
      }
      return calls.errno() === ESRCH ? 'gone' : readKinfo(pid)
    },

    usage(pid) {
      if (!pidInfo(pid, PROC_PIDTASKINFO, 0, PROC_TASKINFO.size)) return null
      timebase ??= readTimebase(calls)
      return parseTaskInfo(info, timebase)
    },

    arguments: makeArgumentReader(calls),

    folders: (pid) =>
      pidInfo(pid, PROC_PIDVNODEPATHINFO, 0, PROC_VNODEPATHINFO.size) ? parseFolders(info) : null,

    program(pid) {
      const length = calls.proc_pidpath(pid, path, path.length)
      return length > 0 && length < path.length ? path.toString('utf8', 0, length) : null
    },
  }
}

/** Keeps its buffer, which grows with the number of processes. */
function makePidReader({ proc_listallpids }: Pick<MacosCalls, 'proc_listallpids'>): NativeReader['pids'] {
  let bytes = Buffer.alloc(FIRST_PIDS * PID_BYTES)
  return () => {
    for (;;) {
      const count = proc_listallpids(bytes, bytes.length)
      if (count <= 0) return null
      // A full buffer may have left some out.
      if (count * PID_BYTES < bytes.length)
        return Array.from({ length: count }, (_, i) => bytes.readInt32LE(i * PID_BYTES)).filter(isPid)
      if (bytes.length >= MAX_PIDS * PID_BYTES) return null
      bytes = Buffer.alloc(bytes.length * 2)
    }
  }
}

/** Keeps its buffer, which is large and made on first use. */
function makeArgumentReader({ sysctl }: Pick<MacosCalls, 'sysctl'>): NativeReader['arguments'] {
  let bytes: Buffer | null = null
  return (pid) => {
    bytes ??= Buffer.alloc(ARGUMENT_BYTES)
    const size: [number] = [bytes.length]
    const name = Int32Array.of(CTL_KERN, KERN_PROCARGS2, pid)
    if (sysctl(name, name.length, bytes, size, null, 0) !== 0) return null
    return parseArguments(bytes.subarray(0, Number(size[0])))
  }
}

/** Without pid 0, the kernel, which cannot be read. */
const isPid = (pid: number): boolean => pid > 0

/** `mach_timebase_info_data_t`: two 32-bit numbers. */
function readTimebase({ mach_timebase_info }: Pick<MacosCalls, 'mach_timebase_info'>): Timebase {
  const bytes = Buffer.alloc(8)
  mach_timebase_info(bytes)
  return { numerator: bytes.readUInt32LE(0) || 1, denominator: bytes.readUInt32LE(4) || 1 }
}
