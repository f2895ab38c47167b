import { expect, test } from 'vitest'
import { timeTicks } from './time-ticks.ts'

const MIN = 60_000
const HOUR = 60 * MIN

test('takes the closest readable distance', () => {
  expect(timeTicks(0, HOUR, 4, 0)).toEqual({
    stepMs: 15 * MIN,
    atMs: [0, 15 * MIN, 30 * MIN, 45 * MIN, 60 * MIN],
  })
  expect(timeTicks(0, 24 * HOUR, 5, 0).stepMs).toBe(6 * HOUR)
  expect(timeTicks(0, 7 * 24 * HOUR, 7, 0).stepMs).toBe(24 * HOUR)
  expect(timeTicks(0, 60 * 24 * HOUR, 4, 0).stepMs).toBe(7 * 24 * HOUR)
})

test('follows the local zone', () => {
  expect(timeTicks(0, 6 * HOUR, 3, 30 * MIN).atMs).toEqual([90 * MIN, 210 * MIN, 330 * MIN])
})
