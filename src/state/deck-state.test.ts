import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeltaEvent, SnapshotEvent } from '#contract/events'
import type { Instance } from '#contract/instance'
import { type DeckState, EMPTY_DECK, reduceDeck, selectionAfter } from './deck-state.ts'
import { makeInstance } from './instance.fixture.ts'

const snapshot = (instances: Instance[], sequence = 0): SnapshotEvent => ({
  type: 'snapshot',
  sequence,
  list: { schema: 1, sweptAt: '2026-11-23T08:00:00.000Z', serenaHomes: ['/h'], instances, notices: [] },
})
const delta = (sequence: number, changes: Partial<DeltaEvent>): DeltaEvent => ({
  type: 'delta',
  sequence,
  sweptAt: '2026-11-23T08:00:05.000Z',
  changed: [],
  removed: [],
  passed: [],
  notices: null,
  serenaHomes: null,
  ...changes,
})
function after(state: DeckState, event: SnapshotEvent | DeltaEvent): DeckState {
  const next = reduceDeck(state, event)
  if (next === 'missed') throw new Error('missed')
  return next
}
const pids = (state: DeckState): (number | null)[] => state.instances.map(({ pid }) => pid)

describe('the list', () => {
  test('stands oldest first, newcomers at the end', () => {
    const state = after(EMPTY_DECK, snapshot([makeInstance(30), makeInstance(10), makeInstance(20)]))
    expect(pids(state)).toEqual([10, 20, 30])
    expect(pids(after(state, delta(1, { changed: [makeInstance(40)] })))).toEqual([10, 20, 30, 40])
  })

  test('a change keeps the place, and leaves the others as the objects they were', () => {
    const state = after(EMPTY_DECK, snapshot([makeInstance(10), makeInstance(20)]))
    const next = after(state, delta(1, { changed: [makeInstance(10, { state: 'hung', startedAt: null })] }))
    expect(pids(next)).toEqual([10, 20])
    expect(next.instances[0]?.state).toBe('hung')
    expect(next.instances[1]).toBe(state.instances[1])
  })

  test('keeps the other Serena processes until a change brings them', () => {
    const helper = {
      pid: 7,
      kind: 'indexing' as const,
      title: 'Indexing shop',
      startedAt: '2026-11-23T08:00:00.000Z',
      memoryBytes: 1,
      cpuPercent: null,
      processCount: 1,
    }
    const first = snapshot([])
    const state = after(EMPTY_DECK, { ...first, list: { ...first.list, helperProcesses: [helper] } })
    expect(after(state, delta(1, {})).helperProcesses).toEqual([helper])
    expect(after(state, delta(1, { helperProcesses: [] })).helperProcesses).toEqual([])
    expect(after(EMPTY_DECK, first).helperProcesses).toEqual([])
  })

  test('what is gone goes', () => {
    const state = after(EMPTY_DECK, snapshot([makeInstance(10), makeInstance(20)]))
    const next = after(state, delta(1, { removed: [makeInstance(10).id] }))
    expect(pids(next)).toEqual([20])
    expect(Object.keys(next.places)).toEqual([makeInstance(20).id])
  })

  test('a Serena takes the place of the launcher it grew out of', () => {
    const [launcher, other, serena] = [makeInstance(10), makeInstance(20), makeInstance(50)]
    const state = after(EMPTY_DECK, snapshot([launcher, other]))
    const passed = [{ from: launcher.id, to: serena.id }]
    const next = after(state, delta(1, { changed: [serena], removed: [launcher.id], passed }))
    expect(pids(next)).toEqual([50, 20])
    expect(pids(after(next, snapshot([other, serena], 7)))).toEqual([50, 20])
  })

  test('a lost change asks for the snapshot', () => {
    expect(reduceDeck(after(EMPTY_DECK, snapshot([], 3)), delta(5, {}))).toBe('missed')
  })

  test('notices and homes stay until they are told anew', () => {
    const notices = [{ id: 'n', level: 'warning' as const, text: 'x' }]
    const state = after(after(EMPTY_DECK, snapshot([])), delta(1, { notices }))
    expect(after(state, delta(2, {}))).toMatchObject({ notices, serenaHomes: ['/h'] })
  })

  test('any run of changes ends as the snapshot of its end would have it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pid: fc.integer({ min: 1, max: 9 }), isGone: fc.boolean() })),
        (steps) => {
          const there = new Map<number, Instance>()
          let state = after(EMPTY_DECK, snapshot([]))
          steps.forEach(({ pid, isGone }, at) => {
            const instance = makeInstance(pid, { cpuPercent: at })
            if (isGone) there.delete(pid)
            else there.set(pid, instance)
            state = after(state, delta(at + 1, isGone ? { removed: [instance.id] } : { changed: [instance] }))
          })
          const atOnce = after(EMPTY_DECK, snapshot([...there.values()]))
          expect(state.instances).toEqual(atOnce.instances)
        },
      ),
    )
  })
})

describe('the selected tab', () => {
  const selected = makeInstance(10).id
  const looked = after(EMPTY_DECK, snapshot([makeInstance(10)]))
  test('stays while its instance lives', () => {
    expect(selectionAfter(selected, delta(1, { removed: ['other'] }), looked)).toBe(selected)
    expect(selectionAfter(selected, snapshot([makeInstance(10)]), EMPTY_DECK)).toBe(selected)
  })
  test('follows a launcher to its Serena', () => {
    const passed = [{ from: selected, to: 'b' }]
    expect(selectionAfter(selected, delta(1, { removed: [selected], passed }), looked)).toBe('b')
  })
  test('is nowhere when its instance is gone', () => {
    expect(selectionAfter(selected, delta(1, { removed: [selected] }), looked)).toBeNull()
    expect(selectionAfter(selected, snapshot([]), EMPTY_DECK)).toBeNull()
  })
  test('of the last time is waited for until the backend has looked once', () => {
    const blind = snapshot([])
    blind.list.serenaHomes = []
    expect(selectionAfter(selected, blind, EMPTY_DECK)).toBe(selected)
    const before = after(EMPTY_DECK, blind)
    const first = (changed: Instance[]) => delta(1, { changed, serenaHomes: ['/h'] })
    expect(selectionAfter(selected, first([makeInstance(10)]), before)).toBe(selected)
    expect(selectionAfter(selected, first([makeInstance(11)]), before)).toBeNull()
    expect(selectionAfter(selected, delta(1, {}), before)).toBe(selected)
  })
})
