// The records of the history file, kept while they are being read: a page that shows them requests them every few seconds.
import type { HistoryRecord } from '#contract/history'
import type { HistoryFile, HistoryPosition } from './history-file.ts'
import { parseLines } from './history-line.ts'

/** More records than the two files hold; of foreign lines they could hold hundreds of thousands. */
const MAX_LINES = 10_000
/** Without a reader for this time the memory is released. */
const RELEASE_MS = 60_000

export interface RecordCache {
  /** Returns all records, oldest first. Parses only what was appended since the last call. */
  read(): readonly HistoryRecord[]
}

/** Creates a cache that has read nothing yet. */
export function createRecordCache(file: Pick<HistoryFile, 'read'>): RecordCache {
  let cached: { records: readonly HistoryRecord[]; position: HistoryPosition } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  return {
    read() {
      const { lines, position, isTail } = file.read(cached?.position)
      const appended = parseLines(lines.slice(-MAX_LINES))
      const before = isTail && cached ? cached.records : []
      cached = { records: appended.length === 0 && isTail ? before : [...before, ...appended], position }
      if (timer) clearTimeout(timer)
      timer = setTimeout(() => {
        cached = null
      }, RELEASE_MS)
      timer.unref()
      return cached.records
    },
  }
}
