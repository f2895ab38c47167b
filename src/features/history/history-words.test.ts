import { expect, test } from 'vitest'
import type { HistoryRecord } from '#contract/history'
import { eventWords } from '#contract/history-words'
import { byDay, eventMark, reasonWords } from './history-words.ts'

const recordOf = (more: Partial<HistoryRecord>): HistoryRecord => ({
  schema: 1,
  at: '2026-03-07T12:00:00.000Z',
  event: 'turned-red',
  id: '7-000000000000',
  pid: 7,
  startedAt: null,
  title: '7 - shop',
  project: { name: 'shop', path: null },
  owner: { name: 'Claude Code', detail: '/home/ana/shop, terminal 3, since 14:02' },
  state: 'orphaned',
  why: ['Its client has exited.', 'No process reads its stdout.'],
  by: null,
  how: null,
  processes: null,
  freedBytes: null,
  launch: null,
  ...more,
})

test.each<[Partial<HistoryRecord>, string, string]>([
  [
    { event: 'started', startedAt: '2026-03-07T11:59:50.000Z', why: [] },
    'started',
    'Started by Claude Code in ~/shop, terminal 3, since 14:02',
  ],
  // It was running before the first scan.
  [
    {
      event: 'started',
      startedAt: '2026-03-07T11:47:00.000Z',
      why: [],
      owner: { name: 'bash', detail: null },
    },
    'first seen',
    'It had been running for 13 min. Started by bash',
  ],
  [{ event: 'started', why: [], owner: null }, 'first seen', ''],
  [{ event: 'project', why: [] }, 'opened shop', ''],
  [{}, 'became a zombie: orphaned', 'Its client has exited. No process reads its stdout.'],
  [{ event: 'recovered', state: 'live', why: ['It answers.'] }, 'recovered: live', 'It answers.'],
  [
    { event: 'ended', by: 'prune', how: 'force', processes: 3, freedBytes: 350e6, why: ['So.'] },
    'ended by pruning',
    'SIGKILL, 3 processes, 350 MB freed. So.',
  ],
  [
    { event: 'ended', by: 'page', how: 'entry-removed', processes: 0, freedBytes: 0, why: [] },
    'removed on the page',
    'Entry removal.',
  ],
  [
    { event: 'survived', by: 'command-line', why: ['Process 7: it waits.'] },
    'could not be ended on the command line',
    'Process 7: it waits.',
  ],
  [{ event: 'joined', why: [] }, 'Claude Code joined', ''],
  [{ event: 'left', owner: null, why: [] }, 'a client left', ''],
  [
    { event: 'slept', why: ['No tool was called for 30 min.'] },
    'fell asleep',
    'No tool was called for 30 min.',
  ],
  [{ event: 'woke', why: [] }, 'woke up', ''],
  [{ event: 'crashed', why: [] }, 'crashed', ''],
  [{ event: 'restarted', why: [] }, 'was restarted by the hub', ''],
  [{ event: 'gone', why: ['Its process has exited.'] }, 'exited', 'Its process has exited.'],
])('%j', (more, words, reason) => {
  expect(eventWords(recordOf(more))).toBe(words)
  expect(reasonWords(recordOf(more))).toBe(reason)
})

test('escapes hidden characters in names', () => {
  expect(eventWords(recordOf({ event: 'project', project: { name: 'a\u202Eb', path: null } }))).toBe(
    'opened a\\u{202E}b',
  )
  expect(reasonWords(recordOf({ why: ['a\nb'] }))).not.toContain('\n')
})

test('marks ended instances with a ring and others by their state', () => {
  expect(eventMark(recordOf({}))).toEqual({ shape: 'cross', tone: 'red' })
  expect(eventMark(recordOf({ event: 'recovered', state: 'live' }))).toEqual({ shape: 'full', tone: 'green' })
  expect(eventMark(recordOf({ event: 'ended' }))).toEqual({ shape: 'ring', tone: 'grey' })
})

test('groups records by day, newest first', () => {
  const now = new Date(2026, 2, 7, 12).getTime()
  const at = (daysAgo: number, hour: number): HistoryRecord =>
    recordOf({ at: new Date(2026, 2, 7 - daysAgo, hour).toISOString() })
  const days = byDay([at(5, 9), at(1, 9), at(1, 23), at(0, 1)], now)
  expect(days.map(({ day, records }) => [day.replace(/.*2026.*/, 'date'), records.length])).toEqual([
    ['Today', 1],
    ['Yesterday', 2],
    ['date', 1],
  ])
  const [first, second] = days[1]?.records ?? []
  expect(Date.parse(first?.at ?? '')).toBeGreaterThan(Date.parse(second?.at ?? ''))
})
