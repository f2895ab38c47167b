import { describe, expect, test } from 'vitest'
import type { HistoryRecord } from '#contract/history'
import { instance } from '#contract/instance.fixture'
import { freedIn, lanesOf } from './lanes.ts'
import type { Lane } from './timeline-input.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const MIN = 60_000
const HOUR = { fromMs: NOON - 60 * MIN, toMs: NOON }
const iso = (minutesBefore: number): string => new Date(NOON - minutesBefore * MIN).toISOString()

function record(
  event: HistoryRecord['event'],
  minutesBefore: number,
  more: Partial<HistoryRecord> = {},
): HistoryRecord {
  return {
    schema: 1,
    at: iso(minutesBefore),
    event,
    id: 'a',
    pid: 1,
    startedAt: iso(50),
    title: '1 - shop',
    project: { name: 'shop', path: '/srv/shop' },
    owner: { name: 'claude', detail: null },
    state: 'live',
    why: [],
    by: null,
    how: null,
    processes: null,
    freedBytes: null,
    launch: null,
    ...more,
  }
}

const layout = (records: HistoryRecord[], more: Partial<Parameters<typeof lanesOf>[0]> = {}): Lane[] =>
  lanesOf({ records, instances: [], activeAtMs: new Map(), nowMs: NOON, ...more }, HOUR)

/** Minutes before noon. */
const minutes = (ms: number): number => (NOON - ms) / MIN
const segmentsOf = ({ segments }: Lane) =>
  segments.map(({ state, colour, fromMs, toMs }) => [state, colour, minutes(fromMs), minutes(toMs)])
const marksOf = ({ marks }: Lane) => marks.map(({ kind, atMs }) => [kind, minutes(atMs)])
const only = (lanes: Lane[]): Lane => {
  expect(lanes).toHaveLength(1)
  return lanes[0] as Lane
}

describe('lanesOf', () => {
  test('shows states one after another, until the end', () => {
    const lane = only(
      layout([
        record('started', 50, { state: 'starting' }),
        record('project', 48),
        record('turned-red', 20, { state: 'orphaned' }),
        record('ended', 10, { state: 'orphaned', how: 'terminate', by: 'page', freedBytes: 5 }),
      ] as HistoryRecord[]),
    )
    expect(segmentsOf(lane)).toEqual([
      ['starting', 'blue', 50, 48],
      ['live', 'green', 48, 20],
      ['orphaned', 'red', 20, 10],
    ])
    expect(marksOf(lane)).toEqual([
      ['start', 50],
      ['kill', 10],
    ])
  })

  test('continues a listed instance until now, in its current state', () => {
    const one = instance(1, { id: 'a', state: 'idle' })
    const lane = only(layout([record('started', 50)], { instances: [one] }))
    expect([lane.isListed, lane.title]).toEqual([true, one.title])
    expect(segmentsOf(lane)).toEqual([['idle', 'yellow', 50, 0]])
  })

  test('marks the time before an instance was first seen', () => {
    const lane = only(layout([record('started', 30)], { instances: [instance(1, { id: 'a' })] }))
    expect(segmentsOf(lane)).toEqual([
      [null, 'grey', 50, 30],
      ['live', 'green', 30, 0],
    ])
    expect(marksOf(lane)).toEqual([['start', 50]])
  })

  test('shows an instance without a record from its start, and from the window if that is older', () => {
    const young = instance(1, { startedAt: iso(5) })
    const old = instance(2, { startedAt: iso(500) })
    const unknown = instance(3, { startedAt: null })
    expect(layout([], { instances: [young, old, unknown] }).map((lane) => segmentsOf(lane))).toEqual([
      [['live', 'green', 60, 0]],
      [['live', 'green', 5, 0]],
    ])
  })

  test('takes the state before an end from its record, if that is all there is', () => {
    const lane = only(layout([record('gone', 10, { state: 'hung', startedAt: null })]))
    expect(segmentsOf(lane)).toEqual([])
    expect(marksOf(lane)).toEqual([['exit', 10]])
    const begun = only(layout([record('gone', 10, { state: 'hung' })]))
    expect(segmentsOf(begun)).toEqual([['hung', 'red', 50, 10]])
  })

  test('ends at the last record if no end was recorded', () => {
    expect(segmentsOf(only(layout([record('started', 50), record('project', 30)])))).toEqual([
      ['live', 'green', 50, 30],
    ])
  })

  test('marks a crash at the start as a crash', () => {
    expect(marksOf(only(layout([record('gone', 10, { failure: 'No module' })])))).toEqual([['crash', 10]])
  })

  test('continues the lane of an instance that the hub puts to sleep and wakes as another process', () => {
    const owner = { name: 'Serena Deck hub', detail: null }
    const lane = only(
      layout(
        [
          record('started', 50, { owner }),
          record('slept', 30, { owner }),
          record('woke', 10, { owner, id: 'hub-1', startedAt: null }),
          record('started', 10, { owner, id: 'b', startedAt: iso(10), title: '2 - shop' }),
        ],
        { instances: [instance(2, { id: 'b', title: '2 - shop' })] },
      ).slice(0, 1),
    )
    expect(segmentsOf(lane)).toEqual([
      ['live', 'green', 50, 30],
      ['asleep', 'grey', 30, 10],
      ['live', 'green', 10, 0],
    ])
    expect([lane.id, marksOf(lane).map(([kind]) => kind)]).toEqual(['b', ['start', 'sleep', 'wake']])
  })

  test('orders records after a change of the clock, and never draws backwards', () => {
    const lane = only(
      layout([
        record('project', 20, { startedAt: iso(-600) }),
        record('started', 40, { startedAt: iso(-600) }),
        record('ended', 10),
      ]),
    )
    expect(segmentsOf(lane)).toEqual([['live', 'green', 40, 10]])
    expect(layout([record('started', -30, { startedAt: null })])).toEqual([])
    expect(layout([record('started', 10, { at: 'not a time' })])).toEqual([])
  })

  test('keeps overlapping instances of one project apart', () => {
    const lanes = layout([
      record('started', 50),
      record('started', 45, { id: 'b', startedAt: iso(45) }),
      record('ended', 30),
      record('ended', 20, { id: 'b' }),
    ])
    expect(lanes.map((lane) => [lane.id, segmentsOf(lane)])).toEqual([
      ['b', [['live', 'green', 45, 20]]],
      ['a', [['live', 'green', 50, 30]]],
    ])
  })

  test('shows calls within the window, of all ids of a lane', () => {
    const activeAtMs = new Map([['a', [NOON - 90 * MIN, NOON - 15 * MIN]]])
    const lane = only(layout([record('started', 50)], { instances: [instance(1, { id: 'a' })], activeAtMs }))
    expect(lane.activeAtMs.map(minutes)).toEqual([15])
  })

  test('leaves out what ended before the window', () => {
    expect(layout([record('started', 120, { startedAt: iso(120) }), record('ended', 90)])).toEqual([])
  })
})

test('freedIn returns what was freed within the window', () => {
  const records = [
    record('ended', 90, { freedBytes: 1 }),
    record('slept', 10, { freedBytes: 3 }),
    record('ended', 30, { freedBytes: 2 }),
    record('ended', 20),
  ]
  expect(freedIn(records, HOUR).map(({ bytes, atMs }) => [bytes, minutes(atMs)])).toEqual([
    [2, 30],
    [3, 10],
  ])
})
