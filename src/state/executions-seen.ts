// What this page remembers of executions: since when one is seen to run, and which ones were abandoned from here. Pure.
import type { Execution } from '#contract/details'

/** The running one and when it was first seen running, epoch ms; it may have begun earlier. */
export interface SeenRunning {
  taskId: number
  sinceMs: number
}

/** The same as before while the same execution runs. Task ids are used again: one that was away begins anew. */
export function seenRunning(
  before: SeenRunning | null,
  queue: readonly Execution[],
  nowMs: number,
): SeenRunning | null {
  const running = queue.find(({ isRunning }) => isRunning)
  if (!running) return null
  return before?.taskId === running.taskId ? before : { taskId: running.taskId, sinceMs: nowMs }
}

export interface Abandoned {
  execution: Execution
  /** Epoch ms. */
  atMs: number
}

/** So many are remembered of one instance. */
const MOST_ABANDONED = 20

/** The newest first. */
export function withAbandoned(before: readonly Abandoned[], added: Abandoned): readonly Abandoned[] {
  return [added, ...before].slice(0, MOST_ABANDONED)
}
