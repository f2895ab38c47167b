import { expect, test } from 'vitest'
import { activeTimes } from './active-times.ts'

const END = Date.UTC(2026, 10, 23, 12)
const MIN = 60_000

test('takes the last hour finely, and older times in five minutes', () => {
  const endsAt = new Date(END).toISOString()
  const hour = {
    schema: 1 as const,
    endsAt,
    stepMs: MIN / 2,
    instances: [
      { id: 'a', memoryMb: [1, 1, 1], cpuPercent: [], calls: [2, 0, 1], isCounted: true },
      { id: 'b', memoryMb: [1], cpuPercent: [], isCounted: false },
    ],
    totalMb: [1, 1, 1],
  }
  const week = {
    schema: 1 as const,
    endsAt,
    stepMs: 5 * MIN,
    totalMb: [],
    active: [{ id: 'a', steps: [300, 3, 0] }],
  }
  const minutesBefore = (times: Map<string, number[]>) =>
    [...times].map(([id, all]) => [id, all.map((atMs) => (END - atMs) / MIN)])
  expect(minutesBefore(activeTimes(hour, week, END - 60 * MIN))).toEqual([['a', [17.5, 2.5, 1.25, 0.25]]])
  expect(minutesBefore(activeTimes(undefined, week, 0))).toEqual([['a', [1502.5, 17.5, 2.5]]])
  expect(activeTimes(undefined, undefined, 0)).toEqual(new Map())
})
