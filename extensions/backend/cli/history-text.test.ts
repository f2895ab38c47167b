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
  ['2026-03-07T14:00:02.000Z', 'started'],
  ['2026-03-07T13:00:00.000Z', 'first seen'],
  [null, 'first seen'],
])('an instance whose process began at %s and was seen at 14:00:05 is %s', (startedAt, words) => {
  expect(historyText([started('2026-03-07T14:00:05.000Z', startedAt)])).toMatch(
    new RegExp(`:05 {2}7 - shop: ${words}\\n$`),
  )
})

test('an ended instance has its method and the deciding reason', () => {
  const ended = { event: 'ended', by: 'page', how: 'force', processes: 3, freedBytes: 94e6 } as const
  const record = { ...started('2026-03-07T14:00:05.000Z', null), ...ended, why: ['It hangs.', 'It is old.'] }
  expect(historyText([record])).toMatch(
    / {2}7 - shop: ended on the page · SIGKILL, 3 processes, 94 MB freed\. · It hangs\.\n$/,
  )
})

test('no records is one sentence', () => {
  expect(historyText([])).toBe('The history is empty.\n')
})
