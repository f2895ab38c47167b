// Reads the lines of the history file. Pure.
import * as z from 'zod/mini'
import { type HistoryRecord, historyRecordSchema } from '#contract/history'

/** Returns the records of the lines; incomplete lines, lines of a newer version and all other lines are skipped. */
export const parseLines = (lines: readonly string[]): HistoryRecord[] => lines.flatMap(parseLine)

function parseLine(line: string): HistoryRecord[] {
  if (line === '') return []
  try {
    const read = z.safeParse(historyRecordSchema, JSON.parse(line))
    return read.success ? [read.data] : []
  } catch {
    // Incomplete: its writer was killed while writing.
    return []
  }
}
