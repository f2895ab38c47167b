// What happens -> what is written down: every start, red, recovery and end once, whatever the order and the restarts.
import { describe, expect, it } from 'vitest'
import type { Receipt } from '#contract/ending'
import { historyRecordSchema } from '#contract/history'
import { type Instance, STATE_COLOUR, type State } from '#contract/instance'
import { createRecorder, openOf, type Recorder } from './recorder.ts'

const instanceOf = (pid: number, state: State, more: Partial<Instance> = {}): Instance => ({
  id: `${pid}-${'0'.repeat(12)}`,
  pid,
  startedAt: '2026-03-07T10:00:00.000Z',
  port: null,
  title: `${pid} - shop`,
  state,
  colour: STATE_COLOUR[state],
  flags: [],
  verdict: { certainty: 'certain', evidence: [`It is ${state}.`] },
  project: { name: 'shop', path: '/shop' },
  context: null,
  modes: [],
  transport: 'stdio',
  serenaVersion: null,
  owner: { pid: 5, name: 'Claude Code', detail: '~/shop, terminal 3' },
  memoryBytes: 1000,
  memoryKind: 'pss',
  cpuPercent: null,
  processCount: 1,
  lastActivityAt: null,
  sources: ['process'],
  ...more,
})

const NOW = Date.parse('2026-03-07T12:00:00.000Z')
const fresh = (): Recorder => createRecorder(() => NOW)
const changed = (...instances: Instance[]) => ({ changed: instances, removed: [], passed: [] })
const removed = (...ids: string[]) => ({ changed: [], removed: ids, passed: [] })
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

describe('a launcher', () => {
  const launcher = instanceOf(6, 'starting')
  const recorderOf = (launchers: Set<string>): Recorder =>
    createRecorder(
      () => NOW,
      (id) => launchers.has(id),
    )
  const passed = { changed: [live], removed: [launcher.id], passed: [{ from: launcher.id, to: live.id }] }
  const eventsOf = (records: readonly { event: string; id: string }[]) =>
    records.map(({ event, id }) => [event, id])

  it('is recorded under the process that it started', () => {
    const recorder = recorderOf(new Set([launcher.id]))
    expect(recorder.begin([launcher], new Map())).toEqual([])
    expect(eventsOf(recorder.apply(passed))).toEqual([['started', live.id]])
    expect(eventsOf(recorder.apply(changed({ ...live, memoryBytes: 3 })))).toEqual([])
    expect(eventsOf(recorder.apply(removed(live.id)))).toEqual([['gone', live.id]])
  })

  it('that becomes the instance by exec is recorded then', () => {
    const launchers = new Set([launcher.id])
    const recorder = recorderOf(launchers)
    recorder.begin([], new Map())
    expect(recorder.apply(changed(launcher))).toEqual([])
    launchers.clear()
    expect(eventsOf(recorder.apply(changed(instanceOf(6, 'live'))))).toEqual([['started', launcher.id]])
  })

  it('that ends without an instance, or turns red, is recorded as itself', () => {
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

describe('the life of an instance', () => {
  it('starts, turns red with its evidence, recovers, and goes by itself', () => {
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
      ['gone', ['Its process has ended.']],
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

  it('a launcher whose tab passes to its Serena has not ended, and the Serena is not new', () => {
    const recorder = fresh()
    recorder.begin([live], new Map())
    const serena = instanceOf(8, 'starting')
    const passed = [{ from: live.id, to: serena.id }]
    expect(recorder.apply({ changed: [serena], removed: [live.id], passed })).toEqual([])
    expect(recorder.apply(removed(serena.id)).map(({ event }) => event)).toEqual(['gone'])
  })

  it('tells of another project, not of one that is not known for a moment', () => {
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

  it('what has no process of its own is told of only while it is red', () => {
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
      ['gone', 'leftover', 'The last of its processes has ended.'],
    ])
  })

  it('cuts what would fill the file', () => {
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
  it('is by somebody, with how and why, and the vanishing itself is nothing more', () => {
    const recorder = fresh()
    recorder.begin([red], new Map())
    recorder.endingBegan([red])
    expect(recorder.apply(removed(red.id))).toEqual([])
    expect(recorder.endingOver([red], endedOf(red), 'page')).toMatchObject([
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

  it('is told once when the list is slower than the receipt', () => {
    const recorder = fresh()
    recorder.begin([red], new Map())
    recorder.endingBegan([red])
    recorder.endingOver([red], endedOf(red), 'command-line')
    expect([...recorder.apply(changed(live)), ...recorder.apply(removed(red.id))]).toEqual([])
  })

  it('that was refused is none; one that was not needed is a going', () => {
    const recorder = fresh()
    const other = instanceOf(8, 'hung')
    recorder.begin([red, other], new Map())
    recorder.endingBegan([red, other])
    recorder.apply(removed(other.id))
    const refused = [red, other].map(({ id }) => ({ id, why: 'x' }))
    expect(
      recorder.endingOver([red, other], receiptOf({ refused }), 'page').map(({ event, id }) => [event, id]),
    ).toEqual([['gone', other.id]])
    expect(recorder.apply(changed(live)).map(({ event }) => event)).toEqual(['recovered'])
  })

  it('that failed names who survived', () => {
    const recorder = fresh()
    recorder.begin([red], new Map())
    recorder.endingBegan([red])
    const survivors = [{ pid: 7, why: 'It waits for the kernel.' }]
    expect(recorder.endingOver([red], receiptOf({ survivors }), 'page')).toMatchObject([
      { event: 'survived', by: 'page', why: ['Process 7: It waits for the kernel.'] },
    ])
  })

  it('without a list before (a command line of its own) is told all the same', () => {
    const recorder = fresh()
    recorder.endingBegan([red])
    expect(recorder.endingOver([red], endedOf(red), 'command-line')).toMatchObject([{ event: 'ended' }])
  })
})

describe('after a restart', () => {
  it('goes on where it was: what stayed is not new, what changed is told, what is missing has gone', () => {
    const before = fresh()
    const stays = instanceOf(1, 'hung')
    const recovers = instanceOf(2, 'hung')
    const goes = instanceOf(3, 'live')
    const records = before.begin([stays, recovers, goes], new Map())
    const after = fresh().begin(
      [stays, instanceOf(2, 'idle'), instanceOf(4, 'live')],
      openOf([...records, ...before.apply(changed())]),
    )
    expect(after.map(({ event, pid, why }) => [event, pid, why[0]])).toEqual([
      ['gone', 3, 'It ended while Serena Deck did not run.'],
      ['recovered', 2, 'It is idle.'],
      ['started', 4, undefined],
    ])
    expect(openOf([...records, ...after]).size).toBe(3)
  })
})
