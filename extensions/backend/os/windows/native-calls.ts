// The functions of Windows that Node has none for: kernel32, ntdll, advapi32 and iphlpapi, through koffi. A handle and an address are
// 64 bits: numbers where koffi returns them as such, else BigInt.
import { loadKoffi } from '../native/load-koffi.ts'

export type Handle = number | bigint
/** An address in a process, ours or another. */
export type Address = bigint

export interface WindowsCalls {
  NtQuerySystemInformation(kind: number, bytes: Buffer, size: number, needed: [number]): number
  NtQueryInformationProcess(
    process: Handle,
    kind: number,
    bytes: Buffer,
    size: number,
    needed: [number],
  ): number
  NtSuspendProcess(process: Handle): number
  NtResumeProcess(process: Handle): number
  OpenProcess(access: number, isInherited: number, pid: number): Handle
  GetCurrentProcess(): Handle
  GetProcessTimes(process: Handle, created: Buffer, exited: Buffer, inKernel: Buffer, inUser: Buffer): number
  TerminateProcess(process: Handle, exitCode: number): number
  WaitForSingleObject(handle: Handle, timeoutMs: number): number
  CloseHandle(handle: Handle): number
  ReadProcessMemory(process: Handle, at: Address, bytes: Buffer, size: number, read: [number]): number
  CreateJobObjectW(security: null, name: null): Handle
  AssignProcessToJobObject(job: Handle, process: Handle): number
  IsProcessInJob(process: Handle, job: Handle, answer: [number]): number
  SetInformationJobObject(job: Handle, kind: number, bytes: Buffer, size: number): number
  OpenProcessToken(process: Handle, access: number, token: [Handle]): number
  GetTokenInformation(token: Handle, kind: number, bytes: Buffer, size: number, needed: [number]): number
  GetExtendedTcpTable(
    table: Buffer,
    size: [number],
    isSorted: number,
    family: number,
    kind: number,
    reserved: number,
  ): number
  ConvertStringSecurityDescriptorToSecurityDescriptorW(
    text: string,
    revision: number,
    descriptor: [Handle],
    size: null,
  ): number
  SetKernelObjectSecurity(handle: Handle, parts: number, descriptor: Handle): number
  CreateFileW(
    name: string,
    access: number,
    share: number,
    security: null,
    disposition: number,
    flags: number,
    template: number,
  ): Handle
  LocalFree(memory: Handle): Handle
  GetLastError(): number
  /** Where a buffer of ours is. */
  addressOf(bytes: Buffer): Address
}

const PROTOTYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ntdll.dll': {
    NtQuerySystemInformation:
      'int32_t NtQuerySystemInformation(int kind, _Out_ uint8_t *bytes, uint32_t size, _Out_ uint32_t *needed)',
    NtQueryInformationProcess:
      'int32_t NtQueryInformationProcess(int64_t process, int kind, _Out_ uint8_t *bytes, uint32_t size, _Out_ uint32_t *needed)',
    NtSuspendProcess: 'int32_t NtSuspendProcess(int64_t process)',
    NtResumeProcess: 'int32_t NtResumeProcess(int64_t process)',
  },
  'kernel32.dll': {
    OpenProcess: 'int64_t OpenProcess(uint32_t access, int isInherited, uint32_t pid)',
    GetCurrentProcess: 'int64_t GetCurrentProcess()',
    GetProcessTimes:
      'int GetProcessTimes(int64_t process, _Out_ uint8_t *created, _Out_ uint8_t *exited, _Out_ uint8_t *inKernel, _Out_ uint8_t *inUser)',
    TerminateProcess: 'int TerminateProcess(int64_t process, uint32_t exitCode)',
    WaitForSingleObject: 'uint32_t WaitForSingleObject(int64_t handle, uint32_t timeoutMs)',
    CloseHandle: 'int CloseHandle(int64_t handle)',
    ReadProcessMemory:
      'int ReadProcessMemory(int64_t process, uint64_t at, _Out_ uint8_t *bytes, uint64_t size, _Out_ uint64_t *read)',
    CreateJobObjectW: 'int64_t CreateJobObjectW(void *security, const char16_t *name)',
    AssignProcessToJobObject: 'int AssignProcessToJobObject(int64_t job, int64_t process)',
    IsProcessInJob: 'int IsProcessInJob(int64_t process, int64_t job, _Out_ int *answer)',
    SetInformationJobObject:
      'int SetInformationJobObject(int64_t job, int kind, const uint8_t *bytes, uint32_t size)',
    CreateFileW:
      'int64_t CreateFileW(const char16_t *name, uint32_t access, uint32_t share, void *security, uint32_t disposition, uint32_t flags, int64_t template)',
    LocalFree: 'int64_t LocalFree(int64_t memory)',
    GetLastError: 'uint32_t GetLastError()',
  },
  'advapi32.dll': {
    OpenProcessToken: 'int OpenProcessToken(int64_t process, uint32_t access, _Out_ int64_t *token)',
    GetTokenInformation:
      'int GetTokenInformation(int64_t token, int kind, _Out_ uint8_t *bytes, uint32_t size, _Out_ uint32_t *needed)',
    ConvertStringSecurityDescriptorToSecurityDescriptorW:
      'int ConvertStringSecurityDescriptorToSecurityDescriptorW(const char16_t *text, uint32_t revision, _Out_ int64_t *descriptor, void *size)',
    SetKernelObjectSecurity:
      'int SetKernelObjectSecurity(int64_t handle, uint32_t parts, int64_t descriptor)',
  },
  'iphlpapi.dll': {
    GetExtendedTcpTable:
      'uint32_t GetExtendedTcpTable(_Out_ uint8_t *table, _Inout_ uint32_t *size, int isSorted, uint32_t family, int kind, uint32_t reserved)',
  },
}

export type CallsLoading = { calls: WindowsCalls; problem: null } | { calls: null; problem: string }

let loading: CallsLoading | null = null

/** Returns the calls, or why they are not available. The structures that they fill are those of 64-bit Windows. */
export function loadWindowsCalls(): CallsLoading {
  loading ??= load()
  return loading
}

function load(): CallsLoading {
  if (process.platform !== 'win32') return { calls: null, problem: 'this is not Windows' }
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    return { calls: null, problem: 'they need a 64-bit Node' }
  const { koffi, problem } = loadKoffi()
  if (koffi === null) return { calls: null, problem }
  try {
    const functions = Object.entries(PROTOTYPES).flatMap(([file, prototypes]) => {
      const library = koffi.load(file)
      return Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype)] as const)
    })
    const addressOf = (bytes: Buffer): Address => BigInt(koffi.address(bytes))
    return {
      calls: { ...Object.fromEntries(functions), addressOf } as unknown as WindowsCalls,
      problem: null,
    }
  } catch (error) {
    return { calls: null, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Runs `use` with a handle and closes it; null: the handle could not be opened (0, or INVALID_HANDLE_VALUE). */
export function withHandle<Value>(
  { CloseHandle }: Pick<WindowsCalls, 'CloseHandle'>,
  handle: Handle,
  use: (handle: Handle) => Value,
): Value | null {
  if (!isOpened(handle)) return null
  try {
    return use(handle)
  } finally {
    CloseHandle(handle)
  }
}

export const isOpened = (handle: Handle): boolean => Number(handle) !== 0 && Number(handle) !== -1
