// Several requests, one run.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeDelayed } from './delayed.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('runs once for all requests within the delay, counted from the first', () => {
  const run = vi.fn()
  const delayed = makeDelayed(run, 40)
  delayed.request()
  vi.advanceTimersByTime(30)
  delayed.request()
  vi.advanceTimersByTime(10)
  expect(run).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(100)
  expect(run).toHaveBeenCalledTimes(1)
  delayed.request()
  vi.advanceTimersByTime(40)
  expect(run).toHaveBeenCalledTimes(2)
})

it('does not run what was canceled', () => {
  const run = vi.fn()
  const delayed = makeDelayed(run, 40)
  delayed.request()
  delayed.cancel()
  vi.advanceTimersByTime(100)
  expect(run).not.toHaveBeenCalled()
})
