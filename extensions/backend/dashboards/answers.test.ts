// Whatever a dashboard answers: a shape that the contract promises, or a refusal in words; never a crash.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { logPageSchema, overviewSchema, toolStatsSchema } from '#contract/details'
import { AppError } from '#contract/errors'
import { serenaOverviewSchema } from '#contract/serena'
import { toDashboardStatus, toLogPage, toOverview, toToolStats } from './answers.ts'
import { whyTooMuch } from './json-depth.ts'

/** Answers that are nearly right: the known keys, with anything in them. */
const nearly = fc.record(
  Object.fromEntries(
    [
      ...Object.keys(serenaOverviewSchema.shape),
      'messages',
      'max_idx',
      'stats',
      '__proto__',
      'from_the_future',
    ].map((key) => [key, fc.jsonValue({ maxDepth: 4 })]),
  ),
  { requiredKeys: [] },
)

function promisedOrRefused(read: (value: unknown) => unknown, shape: z.core.$ZodType | null) {
  fc.assert(
    fc.property(fc.oneof(nearly, fc.jsonValue()), (value) => {
      let answer: unknown
      try {
        answer = read(value)
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
        return
      }
      if (shape) expect(z.safeParse(shape, answer).success).toBe(true)
    }),
    { numRuns: 500 },
  )
}

test('overviews', () => promisedOrRefused(toOverview, overviewSchema))
test('logs', () => promisedOrRefused((value) => toLogPage(value, 3), logPageSchema))
test.each([-7, 1.5, 1e300])('rejects a log whose newest line is number %d', (max_idx) => {
  expect(() => toLogPage({ messages: ['a'], max_idx }, 0)).toThrow(AppError)
})

test('drops lines that were read before', () => {
  const answer = { messages: ['INFO a', 'INFO b', 'INFO c'], max_idx: 2 }
  expect(toLogPage(answer, 2)).toEqual({ from: 2, next: 3, isReset: false, missed: 0, lines: ['INFO c'] })
  expect(toLogPage(answer, 3)).toMatchObject({ from: 3, next: 3, missed: 0, lines: [] })
  expect(toLogPage({ messages: ['INFO a', 'INFO b'], max_idx: 0 }, 0)).toMatchObject({
    from: 0,
    lines: ['INFO b'],
  })
})

test('statistics', () => promisedOrRefused((value) => toToolStats(value, null), toolStatsSchema))
test('status', () => promisedOrRefused(toDashboardStatus, null))

test('limits the depth that the parser would see', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 80 }), (value, wraps) => {
      let text = JSON.stringify(value)
      for (let at = 0; at < wraps; at++) text = `{"[\\"{": [${text}]}`
      expect(whyTooMuch(text) !== null).toBe(depthOf(JSON.parse(text)) > 64)
    }),
  )
})

test('bounds the names that are sent with every list', () => {
  const long = 'x'.repeat(3_000_000)
  const use = { name: long, description: null, path: null }
  const { project, context, modes, serenaVersion } = toOverview({
    active_project: { name: long, path: long, language: null, is_trusted: null },
    context: use,
    modes: Array.from({ length: 2_000 }, () => use),
    serena_version: long,
  })
  const { activeProject } = toDashboardStatus({ messages: [], max_idx: 0, active_project: long })
  expect(activeProject).toBe(project?.name)
  expect(JSON.stringify({ project, context, modes, serenaVersion }).length).toBeLessThan(1_000_000)
})
