import { expect, test } from 'vitest'
import { createCallCounter } from './call-counter.ts'

const MINUTE = 60_000

test('counts all calls, and those of the last five minutes', () => {
  const counter = createCallCounter()
  expect([counter.all(), counter.recent(0)]).toEqual([0, 0])
  expect(counter.lastAtMs()).toBeNull()
  counter.add(0, 500)
  counter.add(MINUTE, 600)
  counter.add(4 * MINUTE, 400)
  expect([counter.all(), counter.recent(4 * MINUTE)]).toEqual([3, 3])
  expect(counter.lastAtMs()).toBe(400)
  expect(counter.recent(5 * MINUTE)).toBe(2)
  expect(counter.recent(60 * MINUTE)).toBe(0)
  counter.add(60 * MINUTE, 900)
  expect([counter.all(), counter.recent(60 * MINUTE)]).toEqual([4, 1])
})
