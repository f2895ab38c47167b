// Merges the logs of many instances by time. Pure.
import type { LogPage } from '#contract/details'
import { EMPTY_LOG, type LogLine, type LogState, MAX_LOG_LINES, reduceLog } from './log-state.ts'

export interface MergedLog {
  /** The next line to request, by instance id. */
  next: Readonly<Record<string, number>>
  lines: readonly LogLine[]
  missed: number
}

export const EMPTY_MERGED_LOG: MergedLog = { next: {}, lines: [], missed: 0 }

export interface FreshPage {
  instanceId: string
  /** Prefix of each of its lines. */
  title: string
  page: LogPage
}

/** Returns the log after one round of pages. The lines of a round are sorted by time; those of earlier rounds stay above. */
export function mergeLogs(log: MergedLog, pages: readonly FreshPage[]): MergedLog {
  const next = { ...log.next }
  let missed = log.missed
  const fresh: { line: LogLine; time: string }[] = []
  for (const { instanceId, title, page } of pages) {
    const before: LogState = { ...EMPTY_LOG, next: next[instanceId] ?? 0 }
    const after = reduceLog(before, page)
    next[instanceId] = after.next
    missed += after.missed
    let time = ''
    for (const line of after.lines) {
      time = timeOf(line.text) ?? time
      fresh.push({ line: { ...line, source: title }, time })
    }
  }
  if (fresh.length === 0) return { ...log, next, missed }
  // A stable sort: lines of one instance keep their order; a line without a time stays below its predecessor.
  fresh.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  const lines = [...log.lines, ...fresh.map(({ line }) => line)]
  const dropped = Math.max(0, lines.length - MAX_LOG_LINES)
  return { next, lines: lines.slice(dropped), missed: missed + dropped }
}

/** Returns `2026-11-23 10:00:00,123`, which sorts as text; null: the line has none. */
const timeOf = (text: string): string | null =>
  /^[A-Z]+ +(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})/.exec(text)?.[1] ?? null
