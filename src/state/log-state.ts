// The log of the open tab: pages in, the lines to draw out. Pure.
import type { LogPage } from '#contract/details'

/** More than Serena's own ring of 2500, and little enough for the page's memory. */
export const MAX_LOG_LINES = 10_000

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LogLine {
  /** In the instance's whole history. */
  index: number
  /** Null: the line does not say. */
  level: LogLevel | null
  /** Whose it is, in a log of several; else null. */
  source: string | null
  text: string
}

export interface LogState {
  lines: readonly LogLine[]
  /** What to ask for next. */
  next: number
  /** Lines that nobody can show any more: Serena's ring or ours had dropped them. */
  missed: number
}

export const EMPTY_LOG: LogState = { lines: [], next: 0, missed: 0 }

/** The log after one more page. A reset (cleared, or another process) starts it anew. */
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

/** Serena's lines begin with their level (`INFO 2026-11-23 …`). */
export function levelOf(line: string): LogLevel | null {
  return LOG_LEVELS.find((level) => line.startsWith(level)) ?? null
}

export interface LogFilter {
  search: string
  /** Null: every level. */
  leastLevel: LogLevel | null
}

/** The lines that fit; a line without a level is shown with any. */
export function filterLog(lines: readonly LogLine[], { search, leastLevel }: LogFilter): readonly LogLine[] {
  if (search === '' && leastLevel === null) return lines
  const least = leastLevel === null ? 0 : LOG_LEVELS.indexOf(leastLevel)
  const word = anyCase(search)
  return lines.filter(
    ({ level, text }) => (level === null || LOG_LEVELS.indexOf(level) >= least) && word.test(text),
  )
}

/** The plain text, whatever its case. A pattern leaves no garbage, as lower case of ten thousand lines at each key would. */
const anyCase = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')
