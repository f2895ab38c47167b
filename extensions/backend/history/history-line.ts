// Reads the lines of the history file. Pure.
import { type HistoryRecord, historyRecordSchema } from '#contract/history'
import { parseJson } from '../lib/parse-json.ts'

/** Returns the records of the lines; incomplete lines, lines of a newer version and all other lines are skipped. */
export const parseLines = (lines: readonly string[]): HistoryRecord[] =>
  lines.flatMap((line) => (line === '' ? [] : (parseJson(historyRecordSchema, line) ?? [])))
