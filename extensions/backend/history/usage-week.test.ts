import { describe, expect, test } from 'vitest'
import { WEEK_SAMPLES, WEEK_STEP_MS } from '#contract/usage'
import { createUsageWeekLog } from './usage-week.ts'

const START = Date.UTC(2026, 10, 23, 12)
const at = (step: number): number => START + step * WEEK_STEP_MS
const scan = (step: number, totalMb: number, active: string[] = []) => ({ atMs: at(step), totalMb, active })

test('keeps the last total of each step, and the steps with activity', () => {
  const log = createUsageWeekLog()
  log.take(scan(0, 100, ['a']))
  log.take({ ...scan(0, 120), atMs: at(0) + 1_000 })
  log.take(scan(2, 300, ['a', 'b']))
  expect(log.read(at(2))).toEqual({
    schema: 1,
    endsAt: new Date(at(3)).toISOString(),
    stepMs: WEEK_STEP_MS,
    totalMb: [120, null, 300],
    active: [
      { id: 'a', steps: [2, 0] },
      { id: 'b', steps: [0] },
    ],
  })
})

test('keeps one week', () => {
  const log = createUsageWeekLog()
  log.take(scan(0, 1, ['old']))
  for (let step = 1; step <= WEEK_SAMPLES; step++) log.take(scan(step, step))
  const { totalMb, active } = log.read(at(WEEK_SAMPLES))
  expect([totalMb.length, totalMb[0], totalMb.at(-1)]).toEqual([WEEK_SAMPLES, 1, WEEK_SAMPLES])
  expect(active).toEqual([])
})

test('forgets what a clock that is set back shows in the future', () => {
  const log = createUsageWeekLog()
  log.take(scan(0, 100))
  log.take(scan(10, 200, ['a']))
  log.take(scan(2, 300))
  expect(log.read(at(2)).totalMb).toEqual([100, null, 300])
  expect(log.read(at(2)).active).toEqual([])
})

test('keeps the activity of the 64 instances that were active last', () => {
  const log = createUsageWeekLog()
  for (let one = 0; one < 70; one++) log.take(scan(one, 1, [`id-${one}`]))
  const ids = log.read(at(70)).active.map(({ id }) => id)
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([64, 'id-6', 'id-69'])
})

describe('the file', () => {
  test('restores everything in a later run', () => {
    const log = createUsageWeekLog()
    log.take(scan(0, 100, ['a']))
    log.take(scan(1, 200))
    const later = createUsageWeekLog()
    later.restore(log.toText() ?? '')
    later.take(scan(3, 50, ['a']))
    expect(later.read(at(3)).totalMb).toEqual([100, 200, null, 50])
    expect(later.read(at(3)).active).toEqual([{ id: 'a', steps: [3, 0] }])
  })

  test('is not written while there is nothing', () => {
    const log = createUsageWeekLog()
    expect(log.toText()).toBe(null)
    log.take(scan(0, 0))
    expect(log.toText()).toBe(null)
  })

  test.each(['', '{', '[]', '{"schema":99}', '{"schema":1,"endStep":0.5,"totalMb":[],"active":[]}'])(
    'is ignored as %j',
    (text) => {
      const log = createUsageWeekLog()
      log.restore(text)
      expect(log.toText()).toBe(null)
    },
  )
})
