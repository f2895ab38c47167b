// The history as text for a terminal. Pure.
import type { HistoryRecord } from '#contract/history'
import { eventWords, methodWords } from '#contract/history-words'
import { ownerWords } from '#contract/owner-words'
import { visibleLine } from '#contract/visible-text'

/** Returns one line per record; ends with a newline. Times are local. */
export function historyText(records: readonly HistoryRecord[]): string {
  if (records.length === 0) return 'The history is empty.\n'
  return records.map((record) => `${visibleLine(lineOf(record))}\n`).join('')
}

/** `2026-03-07 14:02:11  24284 - shop: ended on the page · Graceful shutdown, 2 processes, 94 MB freed. · …` */
function lineOf(record: HistoryRecord): string {
  const { at, title } = record
  return `${localTime(at)}  ${[`${title}: ${eventWords(record)}`, ...detailsOf(record)].join(' · ')}`
}

function detailsOf(record: HistoryRecord): string[] {
  const { event, owner, why } = record
  if (event === 'project') return []
  if (event === 'started') return owner === null ? [] : [`started by ${ownerWords(owner)}`]
  // For an exit, every reason is shown: nothing else explains it.
  const reasons = event === 'gone' ? why : why.slice(0, 1)
  return [...methodWords(record), ...reasons].filter((part) => part !== '')
}

/** `2026-03-07 14:02:11`, in the time zone of this machine. */
function localTime(iso: string): string {
  const date = new Date(iso)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
