// Answers of libproc and sysctl about one process -> facts. Pure. Written after Apple's headers and tested on bytes that a compiler built
// from them; never run on a Mac.
import {
  COMM_BYTES,
  KINFO_PROC,
  MAXPATHLEN,
  P_TRACED,
  PROC_BSDINFO,
  PROC_FLAG_TRACED,
  PROC_TASKINFO,
  PROC_VNODEPATHINFO,
} from './native-layout.ts'

/** What the kernel says of a process, also of another user's. */
export interface NativeProcess {
  pid: number
  ppid: number
  pgid: number
  /** The effective user. */
  uid: number
  /** Microseconds since 1970: with the pid the identity of the process. */
  startedAtUs: number
  runState: string | null
  name: string
  /** A debugger is attached: it is then the parent (bsd/kern/mach_process.c, PT_ATTACHEXC). */
  isTraced: boolean
}

/** Returns the pid with the start to the microsecond. */
export const identityOf = ({ pid, startedAtUs }: Pick<NativeProcess, 'pid' | 'startedAtUs'>): string =>
  `${pid}:${startedAtUs}`

/** SRUN, SSLEEP, SSTOP and SZOMB of bsd/sys/proc.h. SRUN stands for every process that is neither stopped nor defunct. */
const RUN_STATES: ReadonlyMap<number, string> = new Map([
  [2, 'R'],
  [3, 'S'],
  [4, 'T'],
  [5, 'Z'],
])

const US_PER_SECOND = 1_000_000

/** Parses a `proc_bsdinfo`. */
export function parseBsdInfo(bytes: Buffer): NativeProcess {
  const at = PROC_BSDINFO
  const name = stringAt(bytes, at.pbi_name, COMM_BYTES * 2)
  return {
    pid: bytes.readUInt32LE(at.pbi_pid),
    ppid: bytes.readUInt32LE(at.pbi_ppid),
    pgid: bytes.readUInt32LE(at.pbi_pgid),
    uid: bytes.readUInt32LE(at.pbi_uid),
    startedAtUs:
      Number(bytes.readBigUInt64LE(at.pbi_start_tvsec)) * US_PER_SECOND +
      Number(bytes.readBigUInt64LE(at.pbi_start_tvusec)),
    runState: RUN_STATES.get(bytes.readUInt32LE(at.pbi_status)) ?? null,
    name: name === '' ? stringAt(bytes, at.pbi_comm, COMM_BYTES) : name,
    isTraced: (bytes.readUInt32LE(at.pbi_flags) & PROC_FLAG_TRACED) !== 0,
  }
}

/** Parses a `kinfo_proc`, which the kernel gives of every user's processes. */
export function parseKinfo(bytes: Buffer): NativeProcess {
  const at = KINFO_PROC
  return {
    pid: bytes.readInt32LE(at['kp_proc.p_pid']),
    ppid: bytes.readInt32LE(at['kp_eproc.e_ppid']),
    pgid: bytes.readInt32LE(at['kp_eproc.e_pgid']),
    uid: bytes.readUInt32LE(at['kp_eproc.e_ucred.cr_uid']),
    startedAtUs:
      Number(bytes.readBigInt64LE(at['kp_proc.p_starttime.tv_sec'])) * US_PER_SECOND +
      bytes.readInt32LE(at['kp_proc.p_starttime.tv_usec']),
    runState: RUN_STATES.get(bytes.readUInt8(at['kp_proc.p_stat'])) ?? null,
    name: stringAt(bytes, at['kp_proc.p_comm'], COMM_BYTES + 1),
    isTraced: (bytes.readInt32LE(at['kp_proc.p_flag']) & P_TRACED) !== 0,
  }
}

/** Nanoseconds of one unit of processor time: 1 / 1 on Intel, 125 / 3 on Apple silicon. */
export interface Timebase {
  numerator: number
  denominator: number
}

export interface Usage {
  rssBytes: number
  cpuMs: number
}

/** Parses a `proc_taskinfo`. */
export function parseTaskInfo(bytes: Buffer, { numerator, denominator }: Timebase): Usage {
  const at = PROC_TASKINFO
  const units = bytes.readBigUInt64LE(at.pti_total_user) + bytes.readBigUInt64LE(at.pti_total_system)
  return {
    rssBytes: Number(bytes.readBigUInt64LE(at.pti_resident_size)),
    cpuMs: (Number(units) * numerator) / denominator / 1_000_000,
  }
}

export interface Folders {
  /** Null: it was removed, or its path is longer than the kernel reports. */
  cwd: string | null
  /** The folder that the process sees as `/`; null: ours. */
  root: string | null
}

/** Parses a `proc_vnodepathinfo`. */
export function parseFolders(bytes: Buffer): Folders {
  const pathAt = (at: number): string | null => {
    const path = stringAt(bytes, at, MAXPATHLEN)
    return path.startsWith('/') ? path : null
  }
  const root = pathAt(PROC_VNODEPATHINFO['pvi_rdir.vip_path'])
  return { cwd: pathAt(PROC_VNODEPATHINFO['pvi_cdir.vip_path']), root: root === '/' ? null : root }
}

/** Reads a text of at most `size` bytes that a zero ends. */
export function stringAt(bytes: Buffer, at: number, size: number): string {
  const field = bytes.subarray(at, at + size)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? field.length : end)
}
