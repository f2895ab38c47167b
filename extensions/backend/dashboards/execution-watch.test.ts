// A tool that still runs, one that runs too long, and dashboards that do not say.
import { expect, it } from 'vitest'
import type { Capability, Executions } from '#contract/details'
import { createExecutionWatch, FINISHING_MS } from './execution-watch.ts'

const queue = (...ids: number[]): Capability<Executions> => ({
  isAvailable: true,
  data: {
    queue: ids.map((taskId) => ({
      taskId,
      name: `Task-${taskId}`,
      isRunning: true,
      finishedSuccessfully: null,
    })),
    last: null,
  },
})

it('reports a tool until it ends or has run for five minutes', async () => {
  let nowMs = 0
  const watch = createExecutionWatch(() => nowMs)
  const at = async (ms: number, answer: Capability<Executions>): Promise<boolean | null> => {
    nowMs = ms
    await watch.ask(() => Promise.resolve(answer))
    return watch.isExecuting()
  }
  expect(watch.isExecuting()).toBeNull()
  expect(await at(0, queue())).toBe(false)
  expect(watch.running()).toBeNull()
  expect(await at(10, queue(4))).toBe(true)
  expect(await at(FINISHING_MS, queue(4))).toBe(true)
  expect(await at(FINISHING_MS + 11, queue(4))).toBe(false)
  expect(watch.running()).toEqual({ name: 'Task-4', sinceMs: 10 })
  expect(await at(FINISHING_MS + 20, queue(5))).toBe(true)
  expect(watch.running()).toEqual({ name: 'Task-5', sinceMs: FINISHING_MS + 20 })
  expect(await at(FINISHING_MS + 30, { isAvailable: false, since: '1.3.0', why: 'too old' })).toBeNull()
})

it('reports null if a request fails, keeps the start, and sends one request at a time', async () => {
  let nowMs = 0
  const watch = createExecutionWatch(() => nowMs)
  await watch.ask(() => Promise.resolve(queue(1)))
  nowMs = 50
  await watch.ask(() => Promise.reject(new Error('no answer')))
  expect([watch.isExecuting(), watch.running()]).toEqual([null, null])
  await watch.ask(() => Promise.resolve(queue(1)))
  expect(watch.running()).toEqual({ name: 'Task-1', sinceMs: 0 })
  let asked = 0
  const slow = (): Promise<Capability<Executions>> => {
    asked++
    return new Promise((resolve) => setTimeout(() => resolve(queue(2)), 20))
  }
  await Promise.all([watch.ask(slow), watch.ask(slow)])
  expect([asked, watch.isExecuting()]).toEqual([1, true])
})

it('asks an active instance every 30 s, one without a client every 4 s, and an idle one never', async () => {
  let nowMs = 0
  const watch = createExecutionWatch(() => nowMs)
  const at = (ms: number, hasMoved = false, isClientGone = false): boolean => {
    nowMs = ms
    return watch.isDue({ hasMoved, isClientGone })
  }
  expect(at(0)).toBe(true)
  await watch.ask(() => Promise.resolve(queue()))
  expect(at(1_000_000)).toBe(false)
  await watch.ask(() => Promise.resolve(queue()))
  expect(at(1_001_000, true)).toBe(false)
  expect(at(1_030_000)).toBe(true)
  await watch.ask(() => Promise.resolve(queue(7)))
  expect(at(1_059_000)).toBe(false)
  expect(at(1_060_000)).toBe(true)
  await watch.ask(() => Promise.resolve(queue()))
  expect(at(1_063_000, false, true)).toBe(false)
  expect(at(1_064_000, false, true)).toBe(true)
})
