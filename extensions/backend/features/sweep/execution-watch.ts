// Whether a tool still runs in an instance whose client is gone: it leaves by itself when that ends.
import type { Capability, Executions } from '#contract/details'

/** An execution that runs longer is stuck, and finishes nothing. */
export const FINISHING_MS = 5 * 60_000

export interface ExecutionWatch {
  /** Null: not asked, or no answer. */
  isExecuting(): boolean | null
  /** Asks; does nothing while an answer is awaited. Never rejects. */
  ask(executions: () => Promise<Capability<Executions>>): Promise<void>
  forget(): void
}

/** Watches the executions of one instance; `now` is monotonic milliseconds. */
export function createExecutionWatch(now: () => number): ExecutionWatch {
  let isExecuting: boolean | null = null
  let running: { taskId: number; sinceMs: number } | null = null
  let isAsking = false

  function take({ queue }: Executions): void {
    const taskId = queue.find((one) => one.isRunning)?.taskId
    if (taskId === undefined) running = null
    else if (running?.taskId !== taskId) running = { taskId, sinceMs: now() }
    isExecuting = running !== null && now() - running.sinceMs < FINISHING_MS
  }

  return {
    isExecuting: () => isExecuting,
    async ask(executions) {
      if (isAsking) return
      isAsking = true
      try {
        const answer = await executions()
        if (answer.isAvailable) take(answer.data)
        else isExecuting = null
      } catch {
        // No answer in time, or it ended meanwhile: not known.
        isExecuting = null
      } finally {
        isAsking = false
      }
    },
    forget() {
      isExecuting = null
      running = null
    },
  }
}
