// A record of the history in the words and signs of the page. Pure.
import { ACTOR_WORDS, ageThenMs, attemptWords, type HistoryRecord, wasWitnessed } from '#contract/history'
import { type Colour, STATE_COLOUR } from '#contract/instance'
import { formatBytes, formatSpan, processesOf } from '#contract/units'
import { dayInWords } from '../../state/locale.ts'
import type { MarkShape } from '../../ui/mark.tsx'
import { ownerLine, SHAPES, shown } from '../instance-words.ts'
import { DONE_WORDS } from '../zombies/ending-state.ts'

/** What happened, in a few words: `became a zombie: orphaned`, `ended by pruning`. */
export function eventWords(record: HistoryRecord): string {
  const { event, state, project, by, how } = record
  const ended = how === 'entry-removed' ? 'removed' : 'ended'
  switch (event) {
    case 'started':
      return [wasWitnessed(record) ? 'started' : 'first seen', ...attemptsOf(record)].join(' ')
    case 'project':
      return `opened ${project ? shown(project.name) : 'a project'}`
    case 'turned-red':
      return `became a zombie: ${state}`
    case 'recovered':
      return `recovered: ${state}`
    case 'ended':
      return by === null ? ended : `${ended} ${ACTOR_WORDS[by]}`
    case 'survived':
      return by === null ? 'was not ended' : `was not ended ${ACTOR_WORDS[by]}`
    case 'gone':
      return (record.failure ?? null) === null ? 'gone' : 'crashed at start'
  }
}

const attemptsOf = ({ attempts }: HistoryRecord): string[] =>
  attempts === undefined ? [] : [attemptWords(attempts)]

/** How and why, in sentences; empty: there is nothing more to say. */
export function reasonWords(record: HistoryRecord): string {
  const { event, why, how, processes, freedBytes, owner } = record
  if (event === 'started') {
    const ageMs = ageThenMs(record)
    const line = ownerLine({ owner: owner && { ...owner, pid: 0 } })
    return [
      ageMs === null || wasWitnessed(record) ? '' : `It had been running for ${formatSpan(ageMs)}.`,
      line === null ? '' : `By ${line}`,
    ]
      .filter((part) => part !== '')
      .join(' ')
  }
  const deed =
    how === null
      ? []
      : [
          [
            DONE_WORDS[how],
            processes ? processesOf(processes) : '',
            freedBytes ? `${formatBytes(freedBytes)} freed` : '',
          ]
            .filter((part) => part !== '')
            .join(', ')
            .concat('.'),
        ]
  return [...deed, ...why.map(shown)].join(' ')
}

/** The sign beside it: that of its state then, and a ring for what is over. */
export function eventMark({ event, state }: HistoryRecord): { shape: MarkShape; tone: Colour } {
  if (event === 'ended' || event === 'gone') return { shape: 'ring', tone: 'grey' }
  return { shape: SHAPES[state], tone: STATE_COLOUR[state] }
}

/** Newest first, one part for each day, in the time zone of this person. */
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
