// All processes of a Windows machine in one call.
import type { WindowsCalls } from './native-calls.ts'
import {
  type NativeProcess,
  parseSystemProcesses,
  SYSTEM_PROCESS_INFORMATION,
} from './native-process-info.ts'

const FIRST_BYTES = 256 * 1024
const MAX_BYTES = 64 * 1024 * 1024
/** Processes that appear between two calls. */
const SPARE_BYTES = 32 * 1024
const STATUS_INFO_LENGTH_MISMATCH = 0xc000_0004

/** Null: the system refuses. */
export type ReadSystem = () => readonly NativeProcess[] | null

/** Creates a reader of all processes that keeps its buffer, which grows with their number. */
export function createSystemReader(
  calls: Pick<WindowsCalls, 'NtQuerySystemInformation' | 'addressOf'>,
): ReadSystem {
  let bytes = Buffer.alloc(FIRST_BYTES)
  return () => {
    for (;;) {
      const needed: [number] = [0]
      const status = calls.NtQuerySystemInformation(SYSTEM_PROCESS_INFORMATION, bytes, bytes.length, needed)
      if (status >>> 0 === STATUS_INFO_LENGTH_MISMATCH && bytes.length < MAX_BYTES)
        bytes = Buffer.alloc(Math.min(Math.max(needed[0] + SPARE_BYTES, bytes.length * 2), MAX_BYTES))
      else if (status < 0) return null
      else return parseSystemProcesses(bytes, calls.addressOf(bytes))
    }
  }
}
