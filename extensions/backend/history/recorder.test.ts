// Changes -> records: every start, red state, recovery and end once, in any order and across restarts.
import { describe, expect, it } from 'vitest'
import type { Receipt } from '#contract/ending'
import { type HistoryEvent, historyRecordSchema } from '#contract/history'
import { type Instance, type State } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { recordOf } from './history-record.ts'
import { openOf } from './open-records.ts'
import { createRecorder, type Recorder } from './recorder.ts'

const instanceOf = (pid: number, state: State, more: Partial<Instance> = {}) =>
  instance(pid, {
    startedAt: '2026-03-07T10:00:00.000Z',
    state,
    verdict: { certainty: 'certain', evidence: [`It is ${state}.`] },
    memoryBytes: 1000,
    owner: { pid: 5, name: 'Claude Code', detail: '~/shop, terminal 3' },
    ...more,
  })

const NOW = Date.parse('2026-03-07T12:00:00.000Z')
const fresh = (): Recorder => createRecorder(() => NOW)
const changed = (...instances: Instance[]) => ({ changed: instances, removed: [], handovers: [] })
const removed = (...ids: string[]) => ({ changed: [], removed: ids, handovers: [] })
const live = instanceOf(7, 'live')
const red = instanceOf(7, 'orphaned')
const receiptOf = (more: Partial<Receipt>): Receipt => ({
  schema: 1,
  ended: [],
  refused: [],
  survivors: [],
  ...more,
})
const endedOf = ({ id, title }: Instance): Receipt => {
  const how = 'terminate' as const
  return receiptOf({ ended: [{ id, title, how, processes: 3, freedBytes: 500, launch: 'uvx serena' }] })
}

describe('an instance of the hub', () => {
  const asleep = { ...instanceOf(0, 'asleep'), id: 'hub-000000000000', pid: null, sources: ['hub' as const] }
  const eventsOf = (records: readonly { event: string; id: string }[]) =>
    records.map(({ event, id }) => [event, id])

  it('has one start for each process, and no exit when it falls asleep', () => {
    const recorder = fresh()
    expect(eventsOf(recorder.begin([live], new Map()))).toEqual([['started', live.id]])
    const toSleep = { changed: [asleep], removed: [live.id], handovers: [{ from: live.id, to: asleep.id }] }
    expect(recorder.apply(toSleep)).toEqual([])
    const next = instanceOf(8, 'live')
    const awake = { changed: [next], removed: [asleep.id], handovers: [{ from: asleep.id, to: next.id }] }
    expect(eventsOf(recorder.apply(awake))).toEqual([['started', next.id]])
  })

  it('is not open after it fell asleep, nor by what its clients did', () => {
    const record = (event: HistoryEvent, one: Instance) => recordOf(event, one, NOW, {})
    const open = openOf([
      record('started', live),
      record('joined', live),
      record('slept', live),
      record('woke', asleep),
      record('left', asleep),
    ])
    expect([...open.keys()]).toEqual([])
    expect([...openOf([record('started', live), record('joined', live)]).keys()]).toEqual([live.id])
  })
})

describe('a launcher', () => {
  const launcher = instanceOf(6, 'starting')
  const recorderOf = (launchers: Set<string>): Recorder =>
    createRecorder(
      () => NOW,
      (id) => launchers.has(id),
    )
  const handovers = {
    changed: [live],
    removed: [launcher.id],
    handovers: [{ from: launcher.id, to: live.id }],
  }
  const eventsOf = (records: readonly { event: string; id: string }[]) =>
    records.map(({ event, id }) => [event, id])

  it('is recorded under the process that it starts', () => {
    const recorder = recorderOf(new Set([launcher.id]))
    expect(recorder.begin([launcher], new Map())).toEqual([])
    expect(eventsOf(recorder.apply(handovers))).toEqual([['started', live.id]])
    expect(eventsOf(recorder.apply(changed({ ...live, memoryBytes: 3 })))).toEqual([])
    expect(eventsOf(recorder.apply(removed(live.id)))).toEqual([['gone', live.id]])
  })

  it('is recorded as the instance when it becomes it by exec', () => {
    const launchers = new Set([launcher.id])
    const recorder = recorderOf(launchers)
    recorder.begin([], new Map())
    expect(recorder.apply(changed(launcher))).toEqual([])
    launchers.clear()
    expect(eventsOf(recorder.apply(changed(instanceOf(6, 'live'))))).toEqual([['started', launcher.id]])
  })

  it('is recorded itself when it exits without an instance, or turns red', () => {
    const recorder = recorderOf(new Set([launcher.id]))
    recorder.begin([], new Map())
    recorder.apply(changed(launcher))
    expect(eventsOf(recorder.apply(removed(launcher.id)))).toEqual([
      ['started', launcher.id],
      ['gone', launcher.id],
    ])
    expect(eventsOf(recorder.apply(changed(instanceOf(6, 'hung'))))).toEqual([
      ['started', launcher.id],
      ['turned-red', launcher.id],
    ])
  })
})

describe('an instance', () => {
  it('that hung has recovered once it answers, not when its silence is judged from the beginning', () => {
    const recorder = fresh()
    const hung = instanceOf(7, 'hung')
    const silent: Instance = { ...live, id: hung.id, flags: ['slow'] }
    recorder.begin([hung], new Map())
    const events = [silent, hung, silent, { ...silent, flags: [] }].map((seen) =>
      recorder.apply(changed(seen)).map(({ event }) => event),
    )
    expect(events).toEqual([[], [], [], ['recovered']])
  })

  it('records its start, its red state with the evidence, its recovery and its exit', () => {
    const recorder = fresh()
    const records = [
      ...recorder.begin([], new Map()),
      ...recorder.apply(changed(live)),
      ...recorder.apply(changed({ ...live, memoryBytes: 2000 })),
      ...recorder.apply(changed(red)),
      ...recorder.apply(changed(live)),
      ...recorder.apply(removed(live.id)),
      ...recorder.apply(removed(live.id)),
    ]
    expect(records.map(({ event, why }) => [event, why])).toEqual([
      ['started', []],
      ['turned-red', ['It is orphaned.']],
      ['recovered', ['It is live.']],
      ['gone', ['Its process has exited.']],
    ])
    expect(records[0]).toMatchObject({
      at: '2026-03-07T12:00:00.000Z',
      startedAt: live.startedAt,
      owner: { name: 'Claude Code', detail: '~/shop, terminal 3' },
      by: null,
      how: null,
    })
    for (const record of records) expect(() => historyRecordSchema.parse(record)).not.toThrow()
  })

  it('records neither an exit nor a start when a launcher hands its tab over to its Serena', () => {
    const recorder = fresh()
    recorder.begin([live], new Map())
    const serena = instanceOf(8, 'starting')
    const handovers = [{ from: live.id, to: serena.id }]
    expect(recorder.apply({ changed: [serena], removed: [live.id], handovers })).toEqual([])
    expect(recorder.apply(removed(serena.id)).map(({ event }) => event)).toEqual(['gone'])
  })

  it('records a change of the project, not a project that is unknown for a moment', () => {
    const recorder = fresh()
    recorder.begin([instanceOf(7, 'starting', { project: null })], new Map())
    const records = [
      ...recorder.apply(changed(live)),
      ...recorder.apply(changed({ ...live, project: null })),
      ...recorder.apply(changed(live)),
      ...recorder.apply(changed({ ...live, project: { name: 'web', path: null } })),
    ]
    expect(records.map(({ event, project }) => [event, project?.name])).toEqual([
      ['project', 'shop'],
      ['project', 'web'],
    ])
  })

  it('records something without a process of its own only while it is red', () => {
    const recorder = fresh()
    recorder.begin([], new Map())
    const port = instanceOf(0, 'unknown', { pid: null, sources: ['port'] })
    const entry = instanceOf(9, 'dead', { sources: ['registry'] })
    const left = instanceOf(8, 'leftover')
    const records = [
      ...recorder.apply(changed(port, entry, left)),
      ...recorder.apply(removed(port.id, entry.id, left.id)),
    ]
    expect(records.map(({ event, state, why }) => [event, state, why[0]])).toEqual([
      ['turned-red', 'dead', 'It is dead.'],
      ['turned-red', 'leftover', 'It is leftover.'],
      ['gone', 'dead', 'Its entry is no longer in the registry.'],
      ['gone', 'leftover', 'Its last process has exited.'],
    ])
  })

  it('cuts texts that would fill the file', () => {
    const [record] = fresh().begin(
      [
        instanceOf(7, 'hung', {
          title: 'x'.repeat(9000),
          verdict: { certainty: 'certain', evidence: Array<string>(50).fill('y'.repeat(9000)) },
        }),
      ],
      new Map(),
    )
    expect(JSON.stringify(record).length).toBeLessThan(6000)
  })
})

describe('an ending', () => {
  it('is recorded with its actor, method and evidence, and the exit itself is not recorded again', () => {
    const recorder = fresh()
    recorder.begin([red], new Map())
    recorder.beginEnding([red])
    expect(recorder.apply(removed(red.id))).toEqual([])
    expect(recorder.finishEnding([red], endedOf(red), 'page')).toMatchObject([
      {
        event: 'ended',
        by: 'page',
        how: 'terminate',
        processes: 3,
        freedBytes: 500,
        launch: 'uvx serena',
        why: ['It is orphaned.'],
      },
    ])
    expect(recorder.apply(removed(red.id))).toEqual([])
  })

  it('is recorded once when the list is slower than the receipt', () => {
    const recorder = fresh()
    recorder.begin([red], new Map())
    recorder.beginEnding([red])
    recorder.finishEnding([red], endedOf(red), 'command-line')
    expect([...recorder.apply(changed(live)), ...recorder.apply(removed(red.id))]).toEqual([])
  })

  it('is not recorded when it was refused; an instance that exited meanwhile is recorded as exited', () => {
    const recorder = fresh()
    const other = instanceOf(8, 'hung')
    recorder.begin([red, other], new Map())
    recorder.beginEnding([red, other])
    recorder.apply(removed(other.id))
    const refused = [red, other].map(({ id }) => ({ id, why: 'x' }))
    expect(
      recorder.finishEnding([red, other], receiptOf({ refused }), 'page').map(({ event, id }) => [event, id]),
    ).toEqual([['gone', other.id]])
    expect(recorder.apply(changed(live)).map(({ event }) => event)).toEqual(['recovered'])
  })

  it('that failed names the surviving processes', () => {
    const recorder = fresh()
    recorder.begin([red], new Map())
    recorder.beginEnding([red])
    const survivors = [{ pid: 7, why: 'It waits for the kernel.' }]
    expect(recorder.finishEnding([red], receiptOf({ survivors }), 'page')).toMatchObject([
      { event: 'survived', by: 'page', why: ['Process 7: It waits for the kernel.'] },
    ])
  })

  it('is recorded without a previous list (a command without a backend)', () => {
    const recorder = fresh()
    recorder.beginEnding([red])
    expect(recorder.finishEnding([red], endedOf(red), 'command-line')).toMatchObject([{ event: 'ended' }])
  })
})

describe('after a restart', () => {
  it('continues: instances that stayed are not new, changes are recorded, missing ones have exited', () => {
    const before = fresh()
    const stays = instanceOf(1, 'hung')
    const recovers = instanceOf(2, 'hung')
    const exits = instanceOf(3, 'live')
    const records = before.begin([stays, recovers, exits], new Map())
    const after = fresh().begin(
      [stays, instanceOf(2, 'idle'), instanceOf(4, 'live')],
      openOf([...records, ...before.apply(changed())]),
    )
    expect(after.map(({ event, pid, why }) => [event, pid, why[0]])).toEqual([
      ['gone', 3, 'It exited while Serena Deck was not running.'],
      ['recovered', 2, 'It is idle.'],
      ['started', 4, undefined],
    ])
    expect(openOf([...records, ...after]).size).toBe(3)
  })
})
