import { expect, it } from 'vitest'
import { createAwakeClock } from './awake-clock.ts'

it('counts the time between ticks, but not that of a suspended machine', () => {
  let nowMs = 1_000
  const clock = createAwakeClock(() => nowMs)
  const pass = (ms: number): number => {
    nowMs += ms
    clock.tick()
    return clock.now()
  }
  expect(clock.now()).toBe(0)
  expect(pass(500)).toBe(500)
  expect(pass(700)).toBe(1_200)
  expect(pass(8 * 3_600_000)).toBe(3_200)
  expect(pass(500)).toBe(3_700)
  expect(pass(-10_000)).toBe(3_700)
})
