// A long-lived program that answers questions line by line: one at a time, with a deadline, a limit on its output, and a new start
// when it hangs or exits.
import { setTimeout as sleep } from 'node:timers/promises'
import { createQueryChild } from './query-child.ts'
import { createStartLimit } from './start-limit.ts'

export interface QueryProgram {
  /** Sends a line; resolves with what follows `marker` in the line that holds it. Lines without it are ignored. */
  ask(line: string, marker: string): Promise<string>
  /** Ends the program; open questions are rejected. */
  close(): Promise<void>
}

export interface QueryProgramOptions {
  file: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** From the sending of a question to its answer. */
  timeoutMs?: number
  /** The most that may come between a question and its answer. */
  maxBytes?: number
  /** Before the second start within a minute, doubled before the third. */
  backoffMs?: number
  /** No start for this long after the third failure within a minute. */
  restMs?: number
}

interface Question {
  line: string
  marker: string
  resolve: (answer: string) => void
  reject: (error: unknown) => void
}

/** The most questions that wait; more means that nothing uses the answers. */
const MAX_WAITING = 64
const TIMEOUT_MS = 20_000
const MAX_BYTES = 32 * 1024 * 1024

/** Creates the program, started with the first question. */
export function createQueryProgram(options: QueryProgramOptions): QueryProgram {
  const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, backoffMs = 250, restMs = 30_000 } = options
  const { file } = options
  const limit = createStartLimit(backoffMs, restMs)
  const child = createQueryChild({ ...options, timeoutMs, maxBytes }, limit.note)
  const closing = new AbortController()
  const waiting: Question[] = []
  let isWorking = false

  function rejectWaiting(error: Error): void {
    for (const question of waiting.splice(0)) question.reject(error)
  }

  async function work(): Promise<void> {
    if (isWorking) return
    isWorking = true
    while (waiting.length > 0) {
      const refusal = limit.refusal()
      if (refusal) rejectWaiting(refusal)
      const delayMs = refusal ? 0 : limit.delayMs()
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: closing.signal }).catch(() => undefined)
      const question = waiting.shift()
      if (question) await child.ask(question.line, question.marker).then(question.resolve, question.reject)
    }
    isWorking = false
  }

  return {
    ask(line, marker) {
      if (closing.signal.aborted) return Promise.reject(new Error(`${file} was closed`))
      if (waiting.length >= MAX_WAITING)
        return Promise.reject(new Error(`${file} has too many pending queries`))
      return new Promise((resolve, reject) => {
        waiting.push({ line, marker, resolve, reject })
        work().catch(reject)
      })
    },

    async close() {
      closing.abort()
      rejectWaiting(new Error(`${file} was closed`))
      await child.close()
    },
  }
}
