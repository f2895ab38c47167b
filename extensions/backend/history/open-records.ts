// Which instances the stored records leave open: started or red, and not ended since. Pure.
import type { HistoryEvent, HistoryRecord } from '#contract/history'
import { NO_ACTION } from './history-record.ts'

export interface OpenRecord {
  isRed: boolean
  /** Its last record. */
  record: HistoryRecord
}

/** They say nothing about the process itself. */
const OF_THE_HUB: readonly HistoryEvent[] = ['joined', 'left', 'woke', 'crashed', 'restarted']

/** Returns the open instances by id. */
export function openOf(records: readonly HistoryRecord[]): Map<string, OpenRecord> {
  const open = new Map<string, OpenRecord>()
  for (const record of records) {
    const { event, id } = record
    if (event === 'ended' || event === 'gone' || event === 'slept') open.delete(id)
    else if (!OF_THE_HUB.includes(event)) {
      const wasRed = open.get(id)?.isRed ?? false
      open.set(id, { isRed: event === 'turned-red' || (wasRed && event !== 'recovered'), record })
    }
  }
  return open
}

/** Returns the exit of an instance that exited between two runs of the backend. */
export const missedExit = ({ record }: OpenRecord, atMs: number): HistoryRecord => ({
  ...record,
  ...NO_ACTION,
  at: new Date(atMs).toISOString(),
  event: 'gone',
  why: ['It exited while Serena Deck was not running.'],
})
