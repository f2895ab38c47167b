// Whether one process has exited, by its start: another process of the same pid has another one.
import type { ProcessFact } from '../process-facts.ts'
import { loadCheckedCalls } from './checked-calls.ts'
import { identityOf } from './native-facts.ts'
import { createNativeReader, type NativeReader } from './native-reader.ts'

interface StartWatch {
  hasExited(): boolean
  release(): void
}

/** Null: no native calls. */
export function watchByStart(fact: Pick<ProcessFact, 'pid' | 'identity'>): StartWatch | null {
  const { calls } = loadCheckedCalls()
  return calls === null ? null : watchWith(createNativeReader(calls), fact)
}

/** What cannot be read has not exited. */
export function watchWith(
  reader: Pick<NativeReader, 'process'>,
  { pid, identity }: Pick<ProcessFact, 'pid' | 'identity'>,
): StartWatch {
  let hasExited = false
  return {
    hasExited() {
      if (hasExited) return true
      const process = reader.process(pid)
      hasExited =
        process === 'gone' ||
        (process !== 'unread' && (process.runState === 'Z' || identityOf(process) !== identity))
      return hasExited
    },
    release: () => undefined,
  }
}
