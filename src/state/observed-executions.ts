// Observations of this page: the start of the running execution, and the executions that were abandoned here. Pure.
import type { Execution } from '#contract/details'

/** The running execution and when it was first seen running, epoch ms; it may have started earlier. */
export interface ObservedRun {
  taskId: number
  sinceMs: number
}

/** Returns the running execution with the time it was first seen. Task ids are reused: a task that was absent gets a new time. */
export function observeRun(
  before: ObservedRun | null,
  queue: readonly Execution[],
  nowMs: number,
): ObservedRun | null {
  const running = queue.find(({ isRunning }) => isRunning)
  if (!running) return null
  return before?.taskId === running.taskId ? before : { taskId: running.taskId, sinceMs: nowMs }
}

export interface AbandonedExecution {
  execution: Execution
  /** Epoch ms. */
  atMs: number
}

/** Limit per instance. */
const MAX_ABANDONED = 20

/** Returns the list with one more, newest first. */
export function withAbandoned(
  before: readonly AbandonedExecution[],
  added: AbandonedExecution,
): readonly AbandonedExecution[] {
  return [added, ...before].slice(0, MAX_ABANDONED)
}
