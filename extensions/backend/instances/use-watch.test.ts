// When an instance was used last: by its log, by its own work, never before its start.
import { expect, it } from 'vitest'
import { createUseWatch, type UseFacts } from './use-watch.ts'

const MIN = 60_000
const facts = (nowMs: number, more: Partial<UseFacts> = {}): UseFacts => ({
  nowMs,
  startedAtMs: 0,
  logModifiedAtMs: 2_000,
  cpuMs: 3_000,
  isRunning: false,
  ...more,
})

it('is quiet since the last line of its log, and never since before its start', () => {
  const watch = createUseWatch()
  expect(watch.quietSinceMs(facts(10 * MIN))).toBe(2_000)
  expect(watch.quietSinceMs(facts(11 * MIN, { logModifiedAtMs: 9 * MIN }))).toBe(9 * MIN)
  expect(watch.quietSinceMs(facts(12 * MIN, { logModifiedAtMs: -60 * MIN }))).toBe(0)
})

it('is not quiet while an execution runs, nor known without a log', () => {
  const watch = createUseWatch()
  expect(watch.quietSinceMs(facts(10 * MIN, { isRunning: true }))).toBeNull()
  expect(watch.quietSinceMs(facts(10 * MIN, { logModifiedAtMs: null }))).toBeNull()
})

it('counts work that its log does not show, but not its start and not the answers of its dashboard', () => {
  const watch = createUseWatch()
  expect(watch.quietSinceMs(facts(10_000, { cpuMs: 1_000 }))).toBe(2_000)
  expect(watch.quietSinceMs(facts(20_000, { cpuMs: 9_000 }))).toBe(2_000)
  expect(watch.quietSinceMs(facts(5 * MIN, { cpuMs: 9_200 }))).toBe(2_000)
  expect(watch.quietSinceMs(facts(5 * MIN + 15_000, { cpuMs: 9_350 }))).toBe(2_000)
  expect(watch.quietSinceMs(facts(5 * MIN + 30_000, { cpuMs: 12_350 }))).toBe(5 * MIN + 30_000)
  expect(watch.quietSinceMs(facts(9 * MIN, { cpuMs: 12_400 }))).toBe(5 * MIN + 30_000)
})
