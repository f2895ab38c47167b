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
  test('grows page by page', () => {
    const log = reduceLog(reduceLog(EMPTY_LOG, page(0, ['INFO a'])), page(1, ['ERROR b', '  at c']))
    expect(log.next).toBe(3)
    expect(log.lines.map(({ index, level }) => [index, level])).toEqual([
      [0, 'INFO'],
      [1, 'ERROR'],
      [2, null],
    ])
  })
  test('an empty page changes nothing at all', () => {
    const log = reduceLog(EMPTY_LOG, page(0, ['INFO a']))
    expect(reduceLog(log, page(1, []))).toBe(log)
  })
  test('starts anew when it was cleared', () => {
    const log = reduceLog(reduceLog(EMPTY_LOG, page(0, ['INFO a'])), page(0, ['INFO b'], { isReset: true }))
    expect(log.lines.map(({ text }) => text)).toEqual(['INFO b'])
  })
  test('keeps no more than the page can hold, and counts what it let go', () => {
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
  test('by word, whatever its case', () => {
    expect(filterLog(lines, { search: 'shop', leastLevel: null }).map(({ index }) => index)).toEqual([1, 4])
  })
  test('by level, with the lines that have none', () => {
    expect(filterLog(lines, { search: '', leastLevel: 'WARNING' }).map(({ index }) => index)).toEqual([
      2, 3, 4,
    ])
  })
  test('of nothing is the list itself', () => {
    expect(filterLog(lines, { search: '', leastLevel: null })).toBe(lines)
  })
})
