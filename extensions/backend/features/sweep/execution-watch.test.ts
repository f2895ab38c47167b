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

it('says that a tool runs until it ends or has run for five minutes', async () => {
  let nowMs = 0
  const watch = createExecutionWatch(() => nowMs)
  const at = async (ms: number, answer: Capability<Executions>): Promise<boolean | null> => {
    nowMs = ms
    await watch.ask(() => Promise.resolve(answer))
    return watch.isExecuting()
  }
  expect(watch.isExecuting()).toBeNull()
  expect(await at(0, queue())).toBe(false)
  expect(await at(10, queue(4))).toBe(true)
  expect(await at(FINISHING_MS, queue(4))).toBe(true)
  expect(await at(FINISHING_MS + 10, queue(4))).toBe(false)
  expect(await at(FINISHING_MS + 20, queue(5))).toBe(true)
  expect(await at(FINISHING_MS + 30, { isAvailable: false, since: '1.3.0', why: 'too old' })).toBeNull()
})

it('knows nothing of a dashboard that fails, and asks it once at a time', async () => {
  const watch = createExecutionWatch(() => 0)
  await watch.ask(() => Promise.resolve(queue(1)))
  await watch.ask(() => Promise.reject(new Error('no answer')))
  expect(watch.isExecuting()).toBeNull()
  let asked = 0
  const slow = (): Promise<Capability<Executions>> => {
    asked++
    return new Promise((resolve) => setTimeout(() => resolve(queue(2)), 20))
  }
  await Promise.all([watch.ask(slow), watch.ask(slow)])
  expect([asked, watch.isExecuting()]).toEqual([1, true])
  watch.forget()
  expect(watch.isExecuting()).toBeNull()
})
