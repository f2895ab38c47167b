// The history as a person reads it in a terminal. Pure.
import {
  ACTOR_WORDS,
  attemptWords,
  type HistoryEvent,
  type HistoryRecord,
  wasWitnessed,
} from '#contract/history'
import { ownerWords } from '#contract/owner-words'
import { formatBytes, processesOf } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { DONE } from './ending-text.ts'

const WORDS: Readonly<Record<HistoryEvent, string>> = {
  started: 'started',
  project: 'project',
  'turned-red': 'red',
  recovered: 'recovered',
  ended: 'ended',
  survived: 'survived',
  gone: 'gone',
}
const FIRST_SEEN = 'first seen'
const WIDEST = Math.max(...[...Object.values(WORDS), FIRST_SEEN].map((word) => word.length))

/** One record, one line; ends with a newline. Times are local. */
export function historyText(records: readonly HistoryRecord[]): string {
  if (records.length === 0) return 'Nothing has been written down yet.\n'
  return records.map((record) => `${visibleLine(lineOf(record))}\n`).join('')
}

function lineOf(record: HistoryRecord): string {
  const { at, event, title } = record
  const word = event === 'started' && !wasWitnessed(record) ? FIRST_SEEN : WORDS[event]
  return `${localTime(at)}  ${word.padEnd(WIDEST)}  ${[title, ...detailsOf(record)].join(' · ')}`
}

function detailsOf({
  event,
  state,
  why,
  by,
  how,
  processes,
  freedBytes,
  owner,
  attempts,
}: HistoryRecord): string[] {
  const [reason = ''] = why
  switch (event) {
    case 'started':
      return [
        ...(owner === null ? [] : [`by ${ownerWords(owner)}`]),
        ...(attempts === undefined ? [] : [attemptWords(attempts)]),
      ]
    case 'project':
      return []
    case 'turned-red':
    case 'recovered':
      return [state, reason].filter((part) => part !== '')
    case 'ended':
    case 'survived': {
      const way = how === null ? 'was to be ended' : DONE[how]
      const tree = processes ? [processesOf(processes)] : []
      const memory = freedBytes ? [`${formatBytes(freedBytes)} freed`] : []
      return [by === null ? way : `${way} ${ACTOR_WORDS[by]}`, ...tree, ...memory, reason].filter(
        (part) => part !== '',
      )
    }
    case 'gone':
      return why.filter((part) => part !== '')
  }
}

/** `2026-03-07 14:02:11`, in the time zone of this machine. */
function localTime(iso: string): string {
  const date = new Date(iso)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
