// When the idle time is up, by a clock of the test.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchIdle } from './idle-watch.ts'

const MINUTE_MS = 60_000
const now = (): number => performance.now()

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

it('fires once, that long after the last call, and waits for a running call', () => {
  let sinceMs: number | null = now()
  const onIdle = vi.fn()
  watchIdle({ idleSinceMs: () => sinceMs }, 10 * MINUTE_MS, now, onIdle)
  vi.advanceTimersByTime(9 * MINUTE_MS)
  sinceMs = null
  vi.advanceTimersByTime(60 * MINUTE_MS)
  sinceMs = now()
  vi.advanceTimersByTime(10 * MINUTE_MS - 1)
  expect(onIdle).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onIdle).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(60 * MINUTE_MS)
  expect(onIdle).toHaveBeenCalledOnce()
})

it('does not fire at once for an idle time of months', () => {
  const startMs = now()
  const onIdle = vi.fn()
  watchIdle({ idleSinceMs: () => startMs }, 90 * 24 * 60 * MINUTE_MS, now, onIdle)
  vi.advanceTimersByTime(89 * 24 * 60 * MINUTE_MS)
  expect(onIdle).not.toHaveBeenCalled()
  vi.advanceTimersByTime(24 * 60 * MINUTE_MS)
  expect(onIdle).toHaveBeenCalledOnce()
})
