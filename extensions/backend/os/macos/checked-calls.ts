// The native calls of macOS, once they were found to agree with what is known of this process.
import { type CallsLoading, loadMacosCalls, type MacosCalls } from './native-calls.ts'
import { findCallProblem } from './native-check.ts'
import { createNativeFiles } from './native-files.ts'
import { createNativeReader } from './native-reader.ts'

let loading: CallsLoading | null = null

/** Returns the calls, or why they are not used. Every part of the backend gets the same answer, and so the same identities. */
export function loadCheckedCalls(): CallsLoading {
  loading ??= checked(loadMacosCalls())
  return loading
}

function checked(loaded: CallsLoading): CallsLoading {
  if (loaded.calls === null) return loaded
  const problem = tryCalls(loaded.calls)
  return problem === null ? loaded : { calls: null, problem }
}

function tryCalls(calls: MacosCalls): string | null {
  try {
    const { pid, ppid, argv0 } = process
    return findCallProblem({
      calls,
      reader: createNativeReader(calls),
      files: createNativeFiles(calls),
      own: { pid, ppid, uid: process.geteuid?.() ?? -1, argv0 },
      now: Date.now,
    })
  } catch (error) {
    // An offset outside of an answer, or a function that koffi cannot call.
    return error instanceof Error ? error.message : String(error)
  }
}
