// Whether one process has exited, by a handle: it keeps naming that process when its pid is given out again.
import type { ProcessFact } from '../process-facts.ts'
import { loadWindowsCalls } from './native-calls.ts'
import { openProven } from './native-ender.ts'

const QUERY_LIMITED_INFORMATION = 0x1000
const SYNCHRONIZE = 0x10_0000
const WAIT_OBJECT_0 = 0

interface HandleWatch {
  hasExited(): boolean
  release(): void
}

/** Null: no native calls, or the process may not be opened; it may also have exited. */
export function watchByHandle(fact: Pick<ProcessFact, 'pid' | 'identity'>): HandleWatch | null {
  const { calls } = loadWindowsCalls()
  if (calls === null) return null
  let handle = openProven(fact, QUERY_LIMITED_INFORMATION | SYNCHRONIZE, calls)
  if (handle === null) return null
  let hasExited = false
  return {
    hasExited() {
      hasExited ||= handle !== null && calls.WaitForSingleObject(handle, 0) === WAIT_OBJECT_0
      return hasExited
    },
    release() {
      if (handle !== null) calls.CloseHandle(handle)
      handle = null
    },
  }
}
