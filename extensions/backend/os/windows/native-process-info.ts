// The answer of NtQuerySystemInformation(SystemProcessInformation): every process with its times, memory and threads. Pure.
// Offsets of SYSTEM_PROCESS_INFORMATION and SYSTEM_THREAD_INFORMATION on 64-bit Windows: winternl.h of the Windows SDK names the public
// fields; the others are those of ntexapi.h of System Informer (phnt), the same since Windows Vista.
import { countedString64, epochMs, stringInside } from './native-strings.ts'

export const SYSTEM_PROCESS_INFORMATION = 5

const PROCESS = {
  nextEntry: 0x00,
  threadCount: 0x04,
  privateWorkingSet: 0x08,
  created: 0x20,
  userTime: 0x28,
  kernelTime: 0x30,
  imageName: 0x38,
  pid: 0x50,
  parentPid: 0x58,
  workingSet: 0x90,
  size: 0x100,
} as const
const THREAD = { state: 0x44, waitReason: 0x48, size: 0x50 } as const

/** KTHREAD_STATE and KWAIT_REASON. */
const RUNNING = 2
const WAITING = 5
const WAITS_SUSPENDED = 5

export interface NativeProcess {
  pid: number
  parentPid: number
  /** FILETIME in UTC, steps of 100 ns; 0: the idle process, or not known. */
  created: bigint
  /** The file's name without its folder; empty: the idle process. */
  name: string
  /** User and kernel time in 100 ns. */
  cpuTime: bigint
  /** What it shares with no other process; 0 where the system does not report it (Wine). */
  privateBytes: number
  workingSetBytes: number
  /** `T`: all its threads are suspended; `R`, `S`: one runs, all wait; null: the system reports no states (Wine). */
  runState: 'T' | 'R' | 'S' | null
}

/** Returns the pid with the start. */
export const identityOf = ({ pid, created }: Pick<NativeProcess, 'pid' | 'created'>): string =>
  epochMs(created) === null ? `${pid}:unknown` : `${pid}:${created}`

/** Returns the processes in the answer, which begins at the address `base`; null: it is cut off or damaged. */
export function parseSystemProcesses(bytes: Buffer, base: bigint): readonly NativeProcess[] | null {
  const processes: NativeProcess[] = []
  for (let at = 0; ; ) {
    if (at + PROCESS.size > bytes.length) return null
    const threads = bytes.readUInt32LE(at + PROCESS.threadCount)
    if (at + PROCESS.size + threads * THREAD.size > bytes.length) return null
    processes.push(processAt(bytes, at, base, threads))
    const next = bytes.readUInt32LE(at + PROCESS.nextEntry)
    if (next === 0) return processes
    if (next < PROCESS.size) return null
    at += next
  }
}

function processAt(bytes: Buffer, at: number, base: bigint, threads: number): NativeProcess {
  return {
    pid: Number(bytes.readBigUInt64LE(at + PROCESS.pid)),
    parentPid: Number(bytes.readBigUInt64LE(at + PROCESS.parentPid)),
    created: bytes.readBigUInt64LE(at + PROCESS.created),
    name: stringInside(bytes, base, countedString64(bytes, at + PROCESS.imageName)) ?? '',
    cpuTime: bytes.readBigUInt64LE(at + PROCESS.userTime) + bytes.readBigUInt64LE(at + PROCESS.kernelTime),
    privateBytes: Number(bytes.readBigUInt64LE(at + PROCESS.privateWorkingSet)),
    workingSetBytes: Number(bytes.readBigUInt64LE(at + PROCESS.workingSet)),
    runState: runStateOf(bytes, at + PROCESS.size, threads),
  }
}

function runStateOf(bytes: Buffer, firstThread: number, count: number): NativeProcess['runState'] {
  const threads = Array.from({ length: count }, (_, i) => {
    const at = firstThread + i * THREAD.size
    return {
      state: bytes.readUInt32LE(at + THREAD.state),
      reason: bytes.readUInt32LE(at + THREAD.waitReason),
    }
  })
  // Wine reports 0 (initialized) for all.
  if (threads.every(({ state }) => state === 0)) return null
  if (threads.every(({ state, reason }) => state === WAITING && reason === WAITS_SUSPENDED)) return 'T'
  return threads.some(({ state }) => state === RUNNING) ? 'R' : 'S'
}
