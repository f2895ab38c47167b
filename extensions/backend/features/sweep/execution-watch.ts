// What an instance executes: whether a tool still runs in one whose client is gone, and since when the one that runs does.
import type { Capability, Executions } from '#contract/details'

/** An execution that runs longer is stuck, and finishes nothing. */
export const FINISHING_MS = 5 * 60_000
/** Of one whose client is gone: it leaves when its tool ends. */
const LEAVING_EVERY_MS = 4_000
/** Of one at work. One at rest is left in peace: a call that begins moves its log. */
const WORKING_EVERY_MS = 30_000

export interface ExecutionWatch {
  /** Not for longer than five minutes; null: not asked, or no answer. */
  isExecuting(): boolean | null
  /** The execution that runs, and since when it has been seen to; null: none, or not known. `sinceMs` as `now`. */
  running(): { name: string; sinceMs: number } | null
  /** True when it is to be asked; `hasMoved`: the instance did something since the last call. */
  isDue(facts: { hasMoved: boolean; isClientGone: boolean }): boolean
  /** Asks; does nothing while an answer is awaited. Never rejects. */
  ask(executions: () => Promise<Capability<Executions>>): Promise<void>
}

/** Watches the executions of one instance; `now` is monotonic milliseconds. */
export function createExecutionWatch(now: () => number): ExecutionWatch {
  let running: { taskId: number; name: string; sinceMs: number } | null = null
  let isKnown = false
  let isAsking = false
  let askedAtMs = Number.NEGATIVE_INFINITY
  // What ran before we came has moved nothing since.
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
        // No answer in time, or it ended meanwhile: not known. What ran before may run still, so its start is kept.
        isKnown = false
      } finally {
        isAsking = false
      }
    },
  }
}
