import { expect, test } from 'vitest'
import type { HistoryRecord } from '#contract/history'
import { historyText } from './history-text.ts'

const started = (at: string, startedAt: string | null): HistoryRecord => ({
  schema: 1,
  at,
  event: 'started',
  id: '7-a',
  pid: 7,
  startedAt,
  title: '7 - shop',
  project: { name: 'shop', path: null },
  owner: null,
  state: 'live',
  why: [],
  by: null,
  how: null,
  processes: null,
  freedBytes: null,
  launch: null,
})

test.each([
  ['2026-03-07T14:00:02.000Z', 'started   '],
  ['2026-03-07T13:00:00.000Z', 'first seen'],
  [null, 'first seen'],
])('one that began at %s and was seen at 14:00:05 is told of as %s', (startedAt, word) => {
  expect(historyText([started('2026-03-07T14:00:05.000Z', startedAt)])).toMatch(
    new RegExp(`:05 {2}${word} {2}7 - shop\\n$`),
  )
})
