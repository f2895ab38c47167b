import { describe, expect, test } from 'vitest'
import type { LogPage } from '#contract/details'
import { EMPTY_LOG, filterLog, MAX_LOG_LINES, reduceLog } from './log-state.ts'

const page = (from: number, lines: string[], changes: Partial<LogPage> = {}): LogPage => ({
  from,
  next: from + lines.length,
  isReset: false,
  missed: 0,
  lines,
  ...changes,
})

describe('the log', () => {
  test('appends pages', () => {
    const log = reduceLog(reduceLog(EMPTY_LOG, page(0, ['INFO a'])), page(1, ['ERROR b', '  at c']))
    expect(log.next).toBe(3)
    expect(log.lines.map(({ index, level }) => [index, level])).toEqual([
      [0, 'INFO'],
      [1, 'ERROR'],
      [2, null],
    ])
  })
  test('returns the same state for an empty page', () => {
    const log = reduceLog(EMPTY_LOG, page(0, ['INFO a']))
    expect(reduceLog(log, page(1, []))).toBe(log)
  })
  test('starts over when the log was cleared', () => {
    const log = reduceLog(reduceLog(EMPTY_LOG, page(0, ['INFO a'])), page(0, ['INFO b'], { isReset: true }))
    expect(log.lines.map(({ text }) => text)).toEqual(['INFO b'])
  })
  test('keeps a limited number of lines and counts dropped lines', () => {
    const lines = Array.from({ length: MAX_LOG_LINES + 5 }, (_, at) => `INFO ${at}`)
    const log = reduceLog(EMPTY_LOG, page(2, lines, { missed: 2 }))
    expect([log.lines.length, log.missed, log.lines[0]?.index]).toEqual([MAX_LOG_LINES, 7, 7])
  })
})

describe('the filter', () => {
  const { lines } = reduceLog(
    EMPTY_LOG,
    page(0, ['DEBUG x', 'INFO Shop', 'WARNING y', '  more', 'ERROR shop']),
  )
  test('by text, case-insensitive', () => {
    expect(filterLog(lines, { search: 'shop', minimumLevel: null }).map(({ index }) => index)).toEqual([1, 4])
  })
  test('by level, including lines without a level', () => {
    expect(filterLog(lines, { search: '', minimumLevel: 'WARNING' }).map(({ index }) => index)).toEqual([
      2, 3, 4,
    ])
  })
  test('returns the list itself without a filter', () => {
    expect(filterLog(lines, { search: '', minimumLevel: null })).toBe(lines)
  })
})
