// A Mac for tests: processes, pipes and sockets behind the functions of libproc and sysctl, which answer with structures that a compiler
// built from Apple's headers. What the kernel refuses and forgets is written after bsd/kern/proc_info.c and kern_sysctl.c.
import { readFileSync } from 'node:fs'
import type { MacosCalls } from './native-calls.ts'
import {
  KINFO_PROC,
  PIPE_FDINFO,
  PROC_BSDINFO,
  PROC_FILEINFO,
  PROC_VNODEPATHINFO,
  SOCKET_FDINFO,
  VNODE_FDINFOWITHPATH,
} from './native-layout.ts'

const RECORDED = new URL('../../../../test/fixtures/platforms/macos/native-layouts.json', import.meta.url)

/** Sizes and offsets by `struct` and `struct.field`, and filled structures by `bytes name`. */
export const layouts = JSON.parse(readFileSync(RECORDED, 'utf8')) as Readonly<Record<string, number | string>>

/** A structure that a compiler built. */
export const recorded = (name: string): Buffer => Buffer.from(String(layouts[`bytes ${name}`]), 'hex')

export interface MachineProcess {
  pid: number
  ppid?: number
  uid?: number
  startedAtUs?: number
  /** SRUN 2, SSTOP 4, SZOMB 5. */
  status?: number
  name?: string
  argv?: readonly string[]
  /** Null: withheld. */
  environment?: readonly string[] | null
  cwd?: string
  program?: string
  flags?: number
}

/** One of the two ends of a pipe or pair of sockets. */
export interface MachineEnd {
  kind: 'pipe' | 'socket'
  handle: bigint
  other: MachineEnd | null
  /** FREAD 1, FWRITE 2. */
  flags: number
  holders: Set<string>
  isShut: boolean
}

export type Opened =
  | { end: MachineEnd; isPrivate: boolean }
  | { file: string; format: number; isPrivate: boolean }
  | { socket: string }

export const OWN = { pid: 500, ppid: 1, uid: 501 }
const EPERM = 1
const ESRCH = 3
const EBADF = 9
const EINVAL = 22
const TYPES = { pipe: 6, socket: 2, file: 1 } as const

/** The calls of a Mac of user 501, on which launchd and process 500 run, and what happens there. */
export function createMachine() {
  const state: State = { processes: new Map(), opened: new Map(), lastError: 0, lastHandle: 0x1000n }
  const start = (process: MachineProcess): void => {
    state.processes.set(process.pid, process)
  }
  start({ pid: 1, ppid: 0, uid: 0, name: 'launchd', argv: ['/sbin/launchd'] })
  start({ ...OWN, name: 'node', argv: ['node', 'serena-deck'] })
  return {
    calls: { ...processCalls(state), ...pairCalls(state) } satisfies MacosCalls,
    start,
    end(pid: number): void {
      for (const fd of [...(state.opened.get(pid)?.keys() ?? [])]) close(state, pid, fd)
      state.processes.delete(pid)
    },
    open: (pid: number, fd: number, one: Opened): void => open(state, pid, fd, one),
    close: (pid: number, fd: number): void => close(state, pid, fd),
    makePair: (kind: 'pipe' | 'socket'): [MachineEnd, MachineEnd] => makePair(state, kind),
  }
}

interface State {
  processes: Map<number, MachineProcess>
  opened: Map<number, Map<number, Opened>>
  lastError: number
  lastHandle: bigint
}

/** Null, and the error is set: it does not exist, is defunct, or is another user's. */
function own(state: State, pid: number): MachineProcess | null {
  const process = state.processes.get(pid)
  if (!process || process.status === 5) state.lastError = ESRCH
  else if ((process.uid ?? OWN.uid) !== OWN.uid) state.lastError = EPERM
  else return process
  return null
}

const copy = (from: Buffer, to: Buffer, size: number): number => (size < from.length ? 0 : from.copy(to))

function makePair(state: State, kind: 'pipe' | 'socket'): [MachineEnd, MachineEnd] {
  const make = (flags: number): MachineEnd => {
    state.lastHandle += 0x10n
    return { kind, handle: state.lastHandle, other: null, flags, holders: new Set(), isShut: false }
  }
  const ends: [MachineEnd, MachineEnd] = kind === 'pipe' ? [make(1), make(2)] : [make(3), make(3)]
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return ends
}

function open(state: State, pid: number, fd: number, one: Opened): void {
  close(state, pid, fd)
  const held = state.opened.get(pid) ?? new Map<number, Opened>()
  state.opened.set(pid, held.set(fd, one))
  if ('end' in one) one.end.holders.add(`${pid}:${fd}`)
}

function close({ opened }: State, pid: number, fd: number): void {
  const one = opened.get(pid)?.get(fd)
  if (one && 'end' in one) one.end.holders.delete(`${pid}:${fd}`)
  opened.get(pid)?.delete(fd)
}

function pairCalls(state: State) {
  const make = (kind: 'pipe' | 'socket', ends: Int32Array): number => {
    const used = state.opened.get(OWN.pid) ?? new Map()
    const free = [...Array(64).keys()].filter((fd) => fd > 2 && !used.has(fd))
    for (const [at, one] of makePair(state, kind).entries()) {
      ends[at] = free[at] ?? -1
      open(state, OWN.pid, ends[at], { end: one, isPrivate: false })
    }
    return 0
  }
  return {
    pipe: (ends: Int32Array) => make('pipe', ends),
    socketpair: (_domain: number, _type: number, _protocol: number, ends: Int32Array) => make('socket', ends),
    close(fd: number) {
      close(state, OWN.pid, fd)
      return 0
    },
  }
}

function processCalls(state: State): Omit<MacosCalls, 'pipe' | 'socketpair' | 'close'> {
  const { processes, opened } = state
  const fail = (error: number): number => {
    state.lastError = error
    return 0
  }
  return {
    errno: (value = state.lastError) => {
      state.lastError = value
      return value
    },
    proc_listallpids(bytes, size) {
      const pids = [0, ...processes.keys()].slice(0, size / 4)
      for (const [at, pid] of pids.entries()) bytes.writeInt32LE(pid, at * 4)
      return pids.length
    },
    proc_pidinfo(pid, flavor, argument, bytes, size) {
      const found = processes.get(pid)
      const process = flavor === 3 && argument === 1 && found?.status === 5 ? found : own(state, pid)
      if (!process) return 0
      if (flavor === 1) return copy(rowsOf(opened.get(pid) ?? new Map()).subarray(0, size), bytes, size)
      if (flavor === 3) return copy(bsdInfo(process), bytes, size)
      if (flavor === 4) return copy(recorded('task'), bytes, size)
      return flavor === 9 ? copy(folders(process), bytes, size) : fail(EINVAL)
    },
    proc_pidfdinfo(pid, fd, flavor, bytes, size) {
      if (!own(state, pid)) return 0
      const one = opened.get(pid)?.get(fd)
      const answer = one ? fdInfo(one, flavor) : null
      return answer === null ? fail(EBADF) : copy(answer, bytes, size)
    },
    proc_pidpath(pid, bytes) {
      const process = processes.get(pid)
      return process?.program === undefined ? fail(ESRCH) : bytes.write(`${process.program}\0`) - 1
    },
    sysctl(name, _, bytes, size) {
      const [, kind, ...rest] = name
      const process = processes.get(rest.at(-1) ?? -1)
      if (kind === 14) {
        size[0] = process ? copy(kinfo(process), bytes, size[0]) : 0
        return 0
      }
      const answer = process && own(state, process.pid) ? stackOf(process) : null
      if (answer === null) return -1
      size[0] = answer.copy(bytes)
      return 0
    },
    mach_timebase_info(bytes) {
      bytes.writeUInt32LE(125, 0)
      bytes.writeUInt32LE(3, 4)
      return 0
    },
  }
}

export const STARTED_AT_US = 1_796_000_000_123_456

function rowsOf(held: ReadonlyMap<number, Opened>): Buffer {
  const rows = [...held].map(([fd, one]) => {
    const row = Buffer.alloc(8)
    row.writeInt32LE(fd, 0)
    row.writeUInt32LE(TYPES['end' in one ? one.end.kind : 'file' in one ? 'file' : 'socket'], 4)
    return row
  })
  return Buffer.concat(rows)
}

function bsdInfo({
  pid,
  ppid = 1,
  uid = OWN.uid,
  startedAtUs = STARTED_AT_US,
  ...rest
}: MachineProcess): Buffer {
  const bytes = recorded('bsd')
  bytes.writeUInt32LE(rest.flags ?? 0, PROC_BSDINFO.pbi_flags)
  bytes.writeUInt32LE(rest.status ?? 2, PROC_BSDINFO.pbi_status)
  bytes.writeUInt32LE(pid, PROC_BSDINFO.pbi_pid)
  bytes.writeUInt32LE(ppid, PROC_BSDINFO.pbi_ppid)
  bytes.writeUInt32LE(uid, PROC_BSDINFO.pbi_uid)
  bytes.fill(0, PROC_BSDINFO.pbi_name, PROC_BSDINFO.pbi_name + 32)
  bytes.write(rest.name ?? 'p', PROC_BSDINFO.pbi_name)
  bytes.writeBigUInt64LE(BigInt(Math.floor(startedAtUs / 1e6)), PROC_BSDINFO.pbi_start_tvsec)
  bytes.writeBigUInt64LE(BigInt(startedAtUs % 1e6), PROC_BSDINFO.pbi_start_tvusec)
  return bytes
}

function kinfo({
  pid,
  ppid = 1,
  uid = OWN.uid,
  startedAtUs = STARTED_AT_US,
  ...rest
}: MachineProcess): Buffer {
  const bytes = recorded('kinfo')
  bytes.writeBigInt64LE(BigInt(Math.floor(startedAtUs / 1e6)), KINFO_PROC['kp_proc.p_starttime.tv_sec'])
  bytes.writeInt32LE(startedAtUs % 1e6, KINFO_PROC['kp_proc.p_starttime.tv_usec'])
  bytes.writeInt8(rest.status ?? 2, KINFO_PROC['kp_proc.p_stat'])
  bytes.writeInt32LE(pid, KINFO_PROC['kp_proc.p_pid'])
  bytes.fill(0, KINFO_PROC['kp_proc.p_comm'], KINFO_PROC['kp_proc.p_comm'] + 17)
  bytes.write(rest.name ?? 'p', KINFO_PROC['kp_proc.p_comm'])
  bytes.writeUInt32LE(uid, KINFO_PROC['kp_eproc.e_ucred.cr_uid'])
  bytes.writeInt32LE(ppid, KINFO_PROC['kp_eproc.e_ppid'])
  return bytes
}

function folders({ cwd = '/Users/ana' }: MachineProcess): Buffer {
  const bytes = Buffer.alloc(PROC_VNODEPATHINFO.size)
  bytes.write(cwd, PROC_VNODEPATHINFO['pvi_cdir.vip_path'])
  return bytes
}

function fdInfo(one: Opened, flavor: number): Buffer | null {
  if ('socket' in one) return flavor === 3 && `bytes ${one.socket}` in layouts ? recorded(one.socket) : null
  if ('file' in one) {
    if (flavor !== 2) return null
    const bytes = Buffer.alloc(VNODE_FDINFOWITHPATH.size)
    bytes.writeUInt32LE(3, PROC_FILEINFO.fi_openflags)
    bytes.writeUInt32LE(one.isPrivate ? 2 : 0, PROC_FILEINFO.fi_status)
    bytes.writeUInt16LE(one.format, VNODE_FDINFOWITHPATH['pvip.vip_vi.vi_stat.vst_mode'])
    bytes.write(one.file, VNODE_FDINFOWITHPATH['pvip.vip_path'])
    return bytes
  }
  return endInfo(one, flavor)
}

function endInfo({ end, isPrivate }: { end: MachineEnd; isPrivate: boolean }, flavor: number): Buffer | null {
  if (flavor !== (end.kind === 'pipe' ? 6 : 3)) return null
  const peer = end.other && end.other.holders.size > 0 ? end.other.handle : 0n
  const bytes = recorded(end.kind === 'pipe' ? 'pipe' : peer === 0n ? 'unix without a peer' : 'unix')
  bytes.writeUInt32LE(end.flags, PROC_FILEINFO.fi_openflags)
  bytes.writeUInt32LE(isPrivate ? 2 : 0, PROC_FILEINFO.fi_status)
  if (end.kind === 'pipe') {
    bytes.writeBigUInt64LE(end.handle, PIPE_FDINFO['pipeinfo.pipe_handle'])
    bytes.writeBigUInt64LE(peer, PIPE_FDINFO['pipeinfo.pipe_peerhandle'])
    return bytes
  }
  if (end.isShut && peer !== 0n) bytes.writeUInt16LE(0x22, SOCKET_FDINFO['psi.soi_state'])
  bytes.writeBigUInt64LE(end.handle, SOCKET_FDINFO['psi.soi_pcb'])
  bytes.writeBigUInt64LE(peer, SOCKET_FDINFO['psi.soi_proto.pri_un.unsi_conn_pcb'])
  return bytes
}

/** The answer of KERN_PROCARGS2. */
export function stackOf({
  argv = ['p'],
  environment = ['HOME=/Users/ana'],
  program = '/bin/p',
}: MachineProcess): Buffer {
  const count = Buffer.alloc(4)
  count.writeInt32LE(argv.length)
  const path = Buffer.from(`${program}\0`)
  const padding = Buffer.alloc((8 - (path.length % 8)) % 8)
  const args = Buffer.from(argv.map((one) => `${one}\0`).join(''))
  if (environment === null) return Buffer.concat([count, path, padding, args])
  const variables = Buffer.from(environment.map((one) => `${one}\0`).join(''))
  const apple = Buffer.from('\0ptr_munge=\0main_stack=\0')
  return Buffer.concat([count, path, padding, args, variables, apple])
}
