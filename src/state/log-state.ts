// Reduces pages of a log to the lines to show. Pure.
import type { LogPage } from '#contract/details'

/** More than Serena's own buffer of 2500 lines, and small enough for the memory of the page. */
export const MAX_LOG_LINES = 10_000

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LogLine {
  /** Line number in the whole log of the instance. */
  index: number
  /** Null: the line has no level. */
  level: LogLevel | null
  /** The instance's title in a merged log, otherwise null. */
  source: string | null
  text: string
}

export interface LogState {
  lines: readonly LogLine[]
  /** Number of the next line to request. */
  next: number
  /** Lines that were dropped from Serena's buffer or this one. */
  missed: number
}

export const EMPTY_LOG: LogState = { lines: [], next: 0, missed: 0 }

/** Returns the log after one more page. A reset (log cleared, or another process) starts over. */
export function reduceLog(state: LogState, page: LogPage): LogState {
  const start = page.isReset ? EMPTY_LOG : state
  if (page.lines.length === 0 && page.next === start.next && page.missed === 0 && !page.isReset) return state
  const fresh = page.lines.map((text, at) => ({
    index: page.from + at,
    level: levelOf(text),
    source: null,
    text,
  }))
  const lines = [...start.lines, ...fresh]
  const dropped = Math.max(0, lines.length - MAX_LOG_LINES)
  return { lines: lines.slice(dropped), next: page.next, missed: start.missed + page.missed + dropped }
}

/** Returns the level at the start of a line (`INFO 2026-11-23 …`); null: none. */
export function levelOf(line: string): LogLevel | null {
  return LOG_LEVELS.find((level) => line.startsWith(level)) ?? null
}

export interface LogFilter {
  search: string
  /** Null: every level. */
  minimumLevel: LogLevel | null
}

/** Returns the matching lines; a line without a level matches every level. */
export function filterLog(
  lines: readonly LogLine[],
  { search, minimumLevel }: LogFilter,
): readonly LogLine[] {
  if (search === '' && minimumLevel === null) return lines
  const minimum = minimumLevel === null ? 0 : LOG_LEVELS.indexOf(minimumLevel)
  const pattern = literalPattern(search)
  return lines.filter(
    ({ level, text }) => (level === null || LOG_LEVELS.indexOf(level) >= minimum) && pattern.test(text),
  )
}

/** Matches the literal text, case-insensitive. Converting thousands of lines to lower case at each key press would create garbage. */
const literalPattern = (text: string): RegExp =>
  new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')
