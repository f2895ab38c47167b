// Since when an execution is seen to run, and the bounded list of what was abandoned.
import { expect, test } from 'vitest'
import type { Execution } from '#contract/details'
import { type Abandoned, seenRunning, withAbandoned } from './executions-seen.ts'

const task = (taskId: number, isRunning: boolean): Execution => ({
  taskId,
  name: `Task-${taskId}:X`,
  isRunning,
  finishedSuccessfully: null,
})

test('the age of the running one counts from its first sight, and another one begins anew', () => {
  const first = seenRunning(null, [task(1, true), task(2, false)], 1_000)
  expect(first).toEqual({ taskId: 1, sinceMs: 1_000 })
  expect(seenRunning(first, [task(1, true)], 9_000)).toBe(first)
  expect(seenRunning(first, [task(2, true)], 9_000)).toEqual({ taskId: 2, sinceMs: 9_000 })
  expect(seenRunning(first, [task(2, false)], 9_000)).toBeNull()
  expect(seenRunning(seenRunning(first, [], 5_000), [task(1, true)], 9_000)).toEqual({
    taskId: 1,
    sinceMs: 9_000,
  })
})

test('the newest twenty are kept', () => {
  let list: readonly Abandoned[] = []
  for (let at = 1; at <= 25; at += 1) list = withAbandoned(list, { execution: task(at, false), atMs: at })
  expect(list).toHaveLength(20)
  expect(list[0]?.atMs).toBe(25)
  expect(list.at(-1)?.atMs).toBe(6)
})
