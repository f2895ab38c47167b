import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { inPieces } from './in-pieces.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const after = (ms: number, item: string | null): Promise<string | null> =>
  new Promise((resolve) => setTimeout(() => resolve(item), ms))

test('what has come is given on while others are waited for', async () => {
  const given: (readonly string[])[] = []
  const tasks = [after(10, 'a'), after(20, 'b'), after(30, null), after(900, 'late')]
  const all = inPieces(tasks, 400, (items) => given.push(items))
  await vi.advanceTimersByTimeAsync(400)
  expect(given).toEqual([['a', 'b']])
  await vi.advanceTimersByTimeAsync(600)
  await all
  expect(given).toEqual([['a', 'b'], ['late']])
})

test('of nobody it ends at once and gives nothing', async () => {
  const given: unknown[] = []
  await inPieces([], 400, (items) => given.push(items))
  expect(given).toEqual([])
})
