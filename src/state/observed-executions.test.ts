// The first observation of a running execution, and the limited list of abandoned executions.
import { expect, test } from 'vitest'
import type { Execution } from '#contract/details'
import { type AbandonedExecution, observeRun, withAbandoned } from './observed-executions.ts'

const task = (taskId: number, isRunning: boolean): Execution => ({
  taskId,
  name: `Task-${taskId}:X`,
  isRunning,
  finishedSuccessfully: null,
})

test('counts the run time from the first observation, and starts over for another execution', () => {
  const first = observeRun(null, [task(1, true), task(2, false)], 1_000)
  expect(first).toEqual({ taskId: 1, sinceMs: 1_000 })
  expect(observeRun(first, [task(1, true)], 9_000)).toBe(first)
  expect(observeRun(first, [task(2, true)], 9_000)).toEqual({ taskId: 2, sinceMs: 9_000 })
  expect(observeRun(first, [task(2, false)], 9_000)).toBeNull()
  expect(observeRun(observeRun(first, [], 5_000), [task(1, true)], 9_000)).toEqual({
    taskId: 1,
    sinceMs: 9_000,
  })
})

test('keeps the newest twenty', () => {
  let list: readonly AbandonedExecution[] = []
  for (let at = 1; at <= 25; at += 1) list = withAbandoned(list, { execution: task(at, false), atMs: at })
  expect(list).toHaveLength(20)
  expect(list[0]?.atMs).toBe(25)
  expect(list.at(-1)?.atMs).toBe(6)
})
