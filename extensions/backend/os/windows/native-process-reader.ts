// What one process says of itself through a handle: command line, folder, environment, user. Nothing is read of a process whose start is
// not the expected one, so that a reused pid gives nothing.

import type { ProcessFact } from '../process-facts.ts'
import type { Address, Handle, WindowsCalls } from './native-calls.ts'
import { isOpened, withHandle } from './native-calls.ts'
import {
  LAYOUT_32,
  LAYOUT_64,
  PARAMETERS_BYTES,
  type Parameters,
  type ParametersLayout,
  parseParameters,
  pointerAt,
} from './native-parameters.ts'
import { type CountedString, stringInside } from './native-strings.ts'
import {
  lastPartOf,
  parseSidPointer,
  TOKEN_INTEGRITY_LEVEL,
  TOKEN_USER,
  type TokenFacts,
} from './native-token.ts'

/** Access rights (winnt.h). */
const VM_READ = 0x10
const QUERY_LIMITED_INFORMATION = 0x1000
const TOKEN_QUERY = 0x8

/** PROCESSINFOCLASS (winternl.h; 60 since Windows 8.1). */
const BASIC_INFORMATION = 0
const WOW64_INFORMATION = 26
const COMMAND_LINE_INFORMATION = 60

/** PROCESS_BASIC_INFORMATION on 64-bit Windows (winternl.h). */
const BASIC = { peb: 8, parentPid: 40, size: 48 } as const

/** A UNICODE_STRING holds 65,535 bytes at most. */
const MAX_STRING_BYTES = 0xffff
const COMMAND_LINE_BYTES = MAX_STRING_BYTES + 32
const MAX_ENVIRONMENT_BYTES = 1024 * 1024

export interface ProcessKey {
  pid: number
  /** FILETIME of its start. */
  created: bigint
}

/** What does not change while the process runs. */
export interface FixedFacts {
  /** Null: not readable. */
  commandLine: string | null
  /** Null: its token may not be opened. */
  token: TokenFacts | null
}

export interface OwnMemory {
  currentDirectory: string | null
  /** The whole block; null: not readable. */
  environment: string | null
}

/** Returns the fixed facts; null: it has exited, or may not be opened at all. */
export function readFixedFacts(calls: WindowsCalls, key: ProcessKey): FixedFacts | null {
  return withProcess(calls, key, QUERY_LIMITED_INFORMATION, (process) => ({
    commandLine: readCommandLine(calls, process) ?? readCommandLineFromMemory(calls, key),
    token: readToken(calls, process),
  }))
}

/** Returns folder and environment as they are now; null: its memory may not be read, or it has exited. */
export function readOwnMemory(calls: WindowsCalls, key: ProcessKey): OwnMemory | null {
  return withProcess(calls, key, QUERY_LIMITED_INFORMATION | VM_READ, (process) => {
    const parameters = readParameters(calls, process)
    if (parameters === null) return { currentDirectory: null, environment: null }
    return {
      currentDirectory: readString(calls, process, parameters.currentDirectory, MAX_STRING_BYTES),
      environment: readString(calls, process, parameters.environment, MAX_ENVIRONMENT_BYTES),
    }
  })
}

/** Returns the token of this process. */
export const readOwnToken = (calls: WindowsCalls): TokenFacts | null =>
  readToken(calls, calls.GetCurrentProcess())

/** Returns the start in an identity of `native-process-info.ts`; null: not known. */
export function startInIdentity({ identity }: Pick<ProcessFact, 'identity'>): bigint | null {
  const start = identity.slice(identity.indexOf(':') + 1)
  return /^\d{1,19}$/.test(start) ? BigInt(start) : null
}

/** Opens the process and proves its start; null: not opened, or another process has the pid. */
export function withProcess<Value>(
  calls: Pick<WindowsCalls, 'OpenProcess' | 'GetProcessTimes' | 'CloseHandle'>,
  { pid, created }: ProcessKey,
  access: number,
  use: (process: Handle) => Value,
): Value | null {
  return withHandle(calls, calls.OpenProcess(access, 0, pid), (process) =>
    startOf(calls, process) === created ? use(process) : null,
  )
}

/** Returns the start of the process as FILETIME; null: not readable. The handle needs QUERY_LIMITED_INFORMATION. */
export function startOf(
  { GetProcessTimes }: Pick<WindowsCalls, 'GetProcessTimes'>,
  process: Handle,
): bigint | null {
  const [created, exited, kernel, user] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)]
  return GetProcessTimes(process, created, exited, kernel, user) === 0 ? null : created.readBigUInt64LE(0)
}

/** Returns the pid that the parent had; null: not readable. The handle needs QUERY_LIMITED_INFORMATION. */
export const parentPidOf = (
  calls: Pick<WindowsCalls, 'NtQueryInformationProcess'>,
  process: Handle,
): number | null => {
  const parentPid = readBasic(calls, process)?.readBigUInt64LE(BASIC.parentPid)
  return parentPid === undefined ? null : Number(parentPid)
}

/** Used again for each process: the first scan of a machine would allocate 64 KB for every one. */
let commandLineBytes: Buffer | null = null

/** Windows 8.1 and newer know it without the right to read the memory. */
function readCommandLine(calls: WindowsCalls, process: Handle): string | null {
  commandLineBytes ??= Buffer.alloc(COMMAND_LINE_BYTES)
  const bytes = commandLineBytes
  const needed: [number] = [0]
  if (calls.NtQueryInformationProcess(process, COMMAND_LINE_INFORMATION, bytes, bytes.length, needed) < 0)
    return null
  const string = { bytes: bytes.readUInt16LE(0), address: bytes.readBigUInt64LE(8) }
  return stringInside(bytes, calls.addressOf(bytes), string)
}

function readCommandLineFromMemory(calls: WindowsCalls, key: ProcessKey): string | null {
  return withProcess(calls, key, QUERY_LIMITED_INFORMATION | VM_READ, (process) => {
    const parameters = readParameters(calls, process)
    return parameters && readString(calls, process, parameters.commandLine, MAX_STRING_BYTES)
  })
}

function readParameters(calls: WindowsCalls, process: Handle): Parameters | null {
  const place = findPeb(calls, process)
  if (place === null) return null
  const { peb, layout } = place
  const pointer = readMemory(calls, process, peb + BigInt(layout.inPeb), layout.pointerBytes)
  if (pointer === null) return null
  const bytes = readMemory(calls, process, pointerAt(pointer, 0, layout), PARAMETERS_BYTES)
  return bytes && parseParameters(bytes, layout)
}

/** A 32-bit process has a second block, which is the one that it uses. */
function findPeb(calls: WindowsCalls, process: Handle): { peb: Address; layout: ParametersLayout } | null {
  const wow64 = Buffer.alloc(8)
  const needed: [number] = [0]
  if (calls.NtQueryInformationProcess(process, WOW64_INFORMATION, wow64, wow64.length, needed) >= 0) {
    const peb = wow64.readBigUInt64LE(0)
    if (peb !== 0n) return { peb, layout: LAYOUT_32 }
  }
  const peb = readBasic(calls, process)?.readBigUInt64LE(BASIC.peb) ?? 0n
  return peb === 0n ? null : { peb, layout: LAYOUT_64 }
}

function readBasic(
  { NtQueryInformationProcess }: Pick<WindowsCalls, 'NtQueryInformationProcess'>,
  process: Handle,
): Buffer | null {
  const bytes = Buffer.alloc(BASIC.size)
  return NtQueryInformationProcess(process, BASIC_INFORMATION, bytes, bytes.length, [0]) < 0 ? null : bytes
}

function readString(
  calls: WindowsCalls,
  process: Handle,
  { address, bytes: length }: CountedString,
  maxBytes: number,
): string | null {
  if (length === 0 || length > maxBytes) return length === 0 ? '' : null
  return readMemory(calls, process, address, length)?.toString('utf16le') ?? null
}

function readMemory(calls: WindowsCalls, process: Handle, at: Address, size: number): Buffer | null {
  if (at === 0n) return null
  const bytes = Buffer.alloc(size)
  const read: [number] = [0]
  const isRead = calls.ReadProcessMemory(process, at, bytes, size, read) !== 0 && Number(read[0]) === size
  return isRead ? bytes : null
}

function readToken(calls: WindowsCalls, process: Handle): TokenFacts | null {
  const opened: [Handle] = [0]
  if (calls.OpenProcessToken(process, TOKEN_QUERY, opened) === 0 || !isOpened(opened[0])) return null
  return withHandle(calls, opened[0], (token) => {
    const sid = readTokenSid(calls, token, TOKEN_USER)
    const label = readTokenSid(calls, token, TOKEN_INTEGRITY_LEVEL)
    return sid === null ? null : { sid, integrity: label === null ? null : lastPartOf(label) }
  })
}

function readTokenSid(calls: WindowsCalls, token: Handle, kind: number): string | null {
  // A SID has 68 bytes at most.
  const bytes = Buffer.alloc(128)
  const needed: [number] = [0]
  if (calls.GetTokenInformation(token, kind, bytes, bytes.length, needed) === 0) return null
  return parseSidPointer(bytes, calls.addressOf(bytes))
}
