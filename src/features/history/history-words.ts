// A history record in words and marks. Pure.
import { ageThenMs, type HistoryRecord, wasWitnessed } from '#contract/history'
import { methodWords } from '#contract/history-words'
import { type Colour, STATE_COLOUR } from '#contract/instance'
import { STATE_SHAPES } from '#contract/instance-marks'
import { formatSpan } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { dayInWords } from '../../state/locale.ts'
import { ownerLine } from '../../state/owner-line.ts'
import type { MarkShape } from '../../ui/mark.tsx'

/** Returns method and reasons in sentences; empty: none. */
export function reasonWords(record: HistoryRecord): string {
  if (record.event === 'started') return startWords(record)
  return [...methodWords(record), ...record.why.map(visibleLine)].join(' ')
}

function startWords(record: HistoryRecord): string {
  const { owner } = record
  const ageMs = ageThenMs(record)
  const line = ownerLine({ owner: owner && { ...owner, pid: 0 } })
  return [
    ageMs === null || wasWitnessed(record) ? '' : `It had been running for ${formatSpan(ageMs)}.`,
    line === null ? '' : `Started by ${line}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** Returns the mark of the state in the record; a ring for an instance that has ended. */
export function eventMark({ event, state }: HistoryRecord): { shape: MarkShape; tone: Colour } {
  if (event === 'ended' || event === 'gone') return { shape: 'ring', tone: 'grey' }
  return { shape: STATE_SHAPES[state], tone: STATE_COLOUR[state] }
}

/** Returns the records by day in the local time zone, newest first. */
export function byDay(
  records: readonly HistoryRecord[],
  nowMs: number,
): { day: string; records: HistoryRecord[] }[] {
  const days: { day: string; records: HistoryRecord[] }[] = []
  for (const record of [...records].reverse()) {
    const day = dayWords(new Date(record.at), new Date(nowMs))
    const last = days.at(-1)
    if (last?.day === day) last.records.push(record)
    else days.push({ day, records: [record] })
  }
  return days
}

function dayWords(date: Date, now: Date): string {
  const yesterday = new Date(now)
  yesterday.setDate(now.getDate() - 1)
  if (date.toDateString() === now.toDateString()) return 'Today'
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday'
  return dayInWords(date)
}
