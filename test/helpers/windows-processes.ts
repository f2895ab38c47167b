// Processes of a test on Windows: their start and their parents by native calls.
import {
  loadWindowsCalls,
  type WindowsCalls,
  withHandle,
} from '../../extensions/backend/os/windows/native-calls.ts'
import { startOf } from '../../extensions/backend/os/windows/native-process-reader.ts'
import { createSystemReader } from '../../extensions/backend/os/windows/system-reader.ts'

const QUERY_LIMITED_INFORMATION = 0x1000
const SYNCHRONIZE = 0x10_0000
const WAIT_OBJECT_0 = 0

function calls(): WindowsCalls {
  const { calls, problem } = loadWindowsCalls()
  if (calls === null) throw new Error(`no native calls: ${problem}`)
  return calls
}

/** Returns the start of a running process; throws if there is none. */
export function windowsStart(pid: number): string {
  const native = calls()
  const handle = native.OpenProcess(QUERY_LIMITED_INFORMATION | SYNCHRONIZE, 0, pid)
  const start = withHandle(native, handle, (opened) =>
    native.WaitForSingleObject(opened, 0) === WAIT_OBJECT_0 ? null : startOf(native, opened),
  )
  if (start === null) throw new Error(`no process ${pid}`)
  return String(start)
}

/** Returns the parent pid of each process. A parent that has exited is still named: its pid may be another process's. */
export function windowsParents(): Map<number, number> {
  const processes = createSystemReader(calls())()
  if (processes === null) throw new Error('Windows lists no processes')
  return new Map(processes.map(({ pid, parentPid }) => [pid, parentPid]))
}
