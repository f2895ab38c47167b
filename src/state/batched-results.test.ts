import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { inBatches } from './batched-results.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const after = (ms: number, item: string | null): Promise<string | null> =>
  new Promise((resolve) => setTimeout(() => resolve(item), ms))

test('delivers results while others are pending', async () => {
  const given: (readonly string[])[] = []
  const tasks = [after(10, 'a'), after(20, 'b'), after(30, null), after(900, 'late')]
  const all = inBatches(tasks, 400, (items) => given.push(items))
  await vi.advanceTimersByTimeAsync(400)
  expect(given).toEqual([['a', 'b']])
  await vi.advanceTimersByTimeAsync(600)
  await all
  expect(given).toEqual([['a', 'b'], ['late']])
})

test('returns at once without tasks', async () => {
  const given: unknown[] = []
  await inBatches([], 400, (items) => given.push(items))
  expect(given).toEqual([])
})
