import { expect, test } from 'vitest'
import type { LogPage } from '#contract/details'
import { MAX_LOG_LINES } from './log-state.ts'
import { EMPTY_MERGED_LOG, mergeLogs } from './merged-log.ts'

const page = (from: number, lines: string[], changes: Partial<LogPage> = {}): LogPage => ({
  from,
  next: from + lines.length,
  isReset: false,
  missed: 0,
  lines,
  ...changes,
})
const at = (second: number, text: string): string =>
  `INFO  2026-11-23 10:00:${String(second).padStart(2, '0')},000 [T] x:y:1 - ${text}`
const texts = (log: { lines: readonly { source: string | null; text: string }[] }): string[] =>
  log.lines.map(({ source, text }) => `${source}|${text.split(' - ')[1] ?? text}`)

test('sorts the lines of a round by time; a line without a time stays below its predecessor', () => {
  const log = mergeLogs(EMPTY_MERGED_LOG, [
    { instanceId: 'a', title: 'A', page: page(0, [at(1, 'one'), '  at one', at(4, 'four')]) },
    { instanceId: 'b', title: 'B', page: page(0, [at(2, 'two'), at(3, 'three')]) },
  ])
  expect(texts(log)).toEqual(['A|one', 'A|  at one', 'B|two', 'B|three', 'A|four'])
  expect(log.next).toEqual({ a: 3, b: 2 })
})

test('continues each log where it was, restarts a cleared one, and keeps the shown lines', () => {
  const first = mergeLogs(EMPTY_MERGED_LOG, [{ instanceId: 'a', title: 'A', page: page(0, [at(1, 'one')]) }])
  const cleared = mergeLogs(first, [
    { instanceId: 'a', title: 'A', page: page(0, [], { isReset: true, next: 0 }) },
  ])
  expect([texts(cleared), cleared.next]).toEqual([['A|one'], { a: 0 }])
  const more = mergeLogs(cleared, [{ instanceId: 'a', title: 'A', page: page(0, [at(2, 'two')]) }])
  expect(texts(more)).toEqual(['A|one', 'A|two'])
})

test('keeps a limited number of lines and counts dropped lines', () => {
  const lines = Array.from({ length: MAX_LOG_LINES }, (_, index) => at(1, String(index)))
  const full = mergeLogs(EMPTY_MERGED_LOG, [{ instanceId: 'a', title: 'A', page: page(0, lines) }])
  const more = mergeLogs(full, [
    { instanceId: 'b', title: 'B', page: page(0, [at(2, 'new')], { missed: 3 }) },
  ])
  expect([more.lines.length, more.missed]).toEqual([MAX_LOG_LINES, 4])
})
