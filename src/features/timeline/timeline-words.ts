// A timeline in words: details, summary, and its table. Pure.
import { eventWords, methodWords } from '#contract/history-words'
import { countOf, formatBytes, formatSpan } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { exactTime } from '../../state/locale.ts'
import type { Freed, Lane, LaneMark, Segment } from './timeline-input.ts'

/** One point of a lane that keys and pointer can reach. */
export interface Moment {
  atMs: number
  words: string
}

/** Returns the beginnings of its states and its marks, in the order of time. */
export const momentsOf = (lane: Lane): Moment[] =>
  [
    ...lane.segments.map((one) => ({ atMs: one.fromMs, words: segmentWords(one) })),
    ...lane.marks.map((one) => ({ atMs: one.atMs, words: markWords(one) })),
  ].sort((a, b) => a.atMs - b.atMs)

/** Returns what a lane shows at a time: its state there, and the marks within `nearMs`. */
export function wordsAt(lane: Lane, atMs: number, nearMs: number): string {
  const segment = lane.segments.find(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs)
  const marks = lane.marks.filter((one) => Math.abs(one.atMs - atMs) <= nearMs)
  const calls = lane.activeAtMs.some((one) => Math.abs(one - atMs) <= nearMs)
  const parts = [
    segment ? segmentWords(segment) : '',
    ...marks.map(markWords),
    calls ? 'tool calls' : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'not running' : parts.join(' · ')
}

const segmentWords = ({ state, fromMs, toMs }: Segment): string =>
  `${state ?? 'running, not observed'} for ${formatSpan(toMs - fromMs)}`

function markWords({ record }: LaneMark): string {
  const why =
    record.event === 'started' ? [] : [...methodWords(record), ...record.why.slice(0, 1).map(visibleLine)]
  return [eventWords(record), ...why].join('. ')
}

/** Returns a lane in one sentence, for screen readers. */
export function laneWords(lane: Lane): string {
  const last = lane.segments.at(-1)
  const states = last ? (lane.isListed ? `now ${last.state}` : `last ${last.state ?? 'running'}`) : 'no state'
  const events = lane.marks.map(({ record }) => eventWords(record))
  const active = lane.activeAtMs.length > 0 ? `, active ${countOf(lane.activeAtMs.length, 'time')}` : ''
  return `${visibleLine(lane.title)}: ${states}${active}${events.length > 0 ? `; ${events.join(', ')}` : ''}`
}

/** Returns what happened in the shown time, in one line. */
export function summaryWords(lanes: readonly Lane[], freed: readonly Freed[]): string {
  const count = (...kinds: string[]): number =>
    lanes.reduce((sum, { marks }) => sum + marks.filter(({ kind }) => kinds.includes(kind)).length, 0)
  const bytes = freed.reduce((sum, one) => sum + one.bytes, 0)
  return [
    countOf(lanes.length, 'instance'),
    ...some(count('start', 'wake'), 'start'),
    ...some(count('kill'), 'ended', 'ended'),
    ...some(count('crash'), 'crash', 'crashes'),
    ...some(count('sleep'), 'sleep'),
    ...(bytes > 0 ? [`${formatBytes(bytes)} freed`] : []),
  ].join(' · ')
}

const some = (count: number, one: string, many?: string): string[] =>
  count === 0 ? [] : [countOf(count, one, many)]

/** Returns the lanes as a table: one row per state and per mark; a mark has no end. */
export const rowsOf = (lanes: readonly Lane[]): string[][] => [
  ['Instance', 'State or event', 'From', 'To', 'Freed (MB)'],
  ...lanes.flatMap((lane) => [
    ...lane.segments.map(({ fromMs, toMs, state }) => [
      visibleLine(lane.title),
      state ?? 'running, not observed',
      timeOf(fromMs),
      timeOf(toMs),
      '',
    ]),
    ...lane.marks.map(({ atMs, record }) => [
      visibleLine(lane.title),
      eventWords(record),
      timeOf(atMs),
      '',
      record.freedBytes ? String(Math.round(record.freedBytes / 1e6)) : '',
    ]),
  ]),
]

export const timeOf = (atMs: number): string => exactTime(new Date(atMs).toISOString())
