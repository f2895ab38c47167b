// The running execution of an instance: whether it is still running after its client has exited, and when it started.
import type { Capability, Executions } from '#contract/details'

/** An execution that runs longer is stuck: it does not delay an end. */
export const FINISHING_MS = 5 * 60_000
/** While its client has exited: the instance exits when its tool has finished. */
const LEAVING_EVERY_MS = 4_000
/** While active. An idle instance is not queried: a new call writes to its log. */
const WORKING_EVERY_MS = 30_000

export interface ExecutionWatch {
  /** True while an execution has been running for at most five minutes; null: not asked, or no answer. */
  isExecuting(): boolean | null
  /** The running execution, and when it was first seen, by the clock of `now`; null: none, or not known. */
  running(): { name: string; sinceMs: number } | null
  /** True if a request is due now; `hasMoved`: the instance was active since the last call. */
  isDue(facts: { hasMoved: boolean; isClientGone: boolean }): boolean
  /** Sends a request; does nothing while one is pending. Never rejects. */
  ask(executions: () => Promise<Capability<Executions>>): Promise<void>
}

/** Watches the executions of one instance; `now` is monotonic milliseconds. */
export function createExecutionWatch(now: () => number): ExecutionWatch {
  let running: { taskId: number; name: string; sinceMs: number } | null = null
  let isKnown = false
  let isAsking = false
  let askedAtMs = Number.NEGATIVE_INFINITY
  // An execution that started before the first scan has written nothing since.
  let hasMovedSince = true

  function take({ queue }: Executions): void {
    const found = queue.find((one) => one.isRunning)
    if (!found) running = null
    else if (running?.taskId !== found.taskId)
      running = { taskId: found.taskId, name: found.name, sinceMs: now() }
    isKnown = true
  }

  return {
    isExecuting: () => (isKnown ? running !== null && now() - running.sinceMs <= FINISHING_MS : null),
    running: () => (isKnown && running ? { name: running.name, sinceMs: running.sinceMs } : null),
    isDue({ hasMoved, isClientGone }) {
      hasMovedSince ||= hasMoved
      const sinceMs = now() - askedAtMs
      if (isClientGone) return sinceMs >= LEAVING_EVERY_MS
      return (hasMovedSince || running !== null) && sinceMs >= WORKING_EVERY_MS
    },
    async ask(executions) {
      if (isAsking) return
      isAsking = true
      askedAtMs = now()
      hasMovedSince = false
      try {
        const answer = await executions()
        if (answer.isAvailable) take(answer.data)
        else isKnown = false
      } catch {
        // No answer in time, or the process has exited. The execution may still run, so its start is kept.
        isKnown = false
      } finally {
        isAsking = false
      }
    },
  }
}
