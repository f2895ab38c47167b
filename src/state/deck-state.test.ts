import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeltaEvent, SnapshotEvent } from '#contract/events'
import type { Instance } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { type DeckState, EMPTY_DECK, reduceDeck, selectionAfter } from './deck-state.ts'

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
  handovers: [],
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
  test('is sorted oldest first, with new instances at the end', () => {
    const state = after(EMPTY_DECK, snapshot([instance(30), instance(10), instance(20)]))
    expect(pids(state)).toEqual([10, 20, 30])
    expect(pids(after(state, delta(1, { changed: [instance(40)] })))).toEqual([10, 20, 30, 40])
  })

  test('keeps the position of a changed instance and the identity of all others', () => {
    const state = after(EMPTY_DECK, snapshot([instance(10), instance(20)]))
    const next = after(state, delta(1, { changed: [instance(10, { state: 'hung', startedAt: null })] }))
    expect(pids(next)).toEqual([10, 20])
    expect(next.instances[0]?.state).toBe('hung')
    expect(next.instances[1]).toBe(state.instances[1])
  })

  test('keeps the other Serena processes until they change', () => {
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

  test('drops removed instances', () => {
    const state = after(EMPTY_DECK, snapshot([instance(10), instance(20)]))
    const next = after(state, delta(1, { removed: [instance(10).id] }))
    expect(pids(next)).toEqual([20])
    expect(Object.keys(next.positions)).toEqual([instance(20).id])
  })

  test('gives a Serena the position of its launcher', () => {
    const [launcher, other, serena] = [instance(10), instance(20), instance(50)]
    const state = after(EMPTY_DECK, snapshot([launcher, other]))
    const handovers = [{ from: launcher.id, to: serena.id }]
    const next = after(state, delta(1, { changed: [serena], removed: [launcher.id], handovers }))
    expect(pids(next)).toEqual([50, 20])
    expect(pids(after(next, snapshot([other, serena], 7)))).toEqual([50, 20])
  })

  test('reports a missed change', () => {
    expect(reduceDeck(after(EMPTY_DECK, snapshot([], 3)), delta(5, {}))).toBe('missed')
  })

  test('keeps notices and homes until they change', () => {
    const notices = [{ id: 'n', level: 'warning' as const, text: 'x' }]
    const state = after(after(EMPTY_DECK, snapshot([])), delta(1, { notices }))
    expect(after(state, delta(2, {}))).toMatchObject({ notices, serenaHomes: ['/h'] })
  })

  test('equals the final snapshot after any sequence of changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pid: fc.integer({ min: 1, max: 9 }), isRemoved: fc.boolean() })),
        (steps) => {
          const current = new Map<number, Instance>()
          let state = after(EMPTY_DECK, snapshot([]))
          steps.forEach(({ pid, isRemoved }, at) => {
            const one = instance(pid, { cpuPercent: at })
            if (isRemoved) current.delete(pid)
            else current.set(pid, one)
            state = after(state, delta(at + 1, isRemoved ? { removed: [one.id] } : { changed: [one] }))
          })
          const atOnce = after(EMPTY_DECK, snapshot([...current.values()]))
          expect(state.instances).toEqual(atOnce.instances)
        },
      ),
    )
  })
})

describe('the selected tab', () => {
  const selected = instance(10).id
  const scanned = after(EMPTY_DECK, snapshot([instance(10)]))
  test('stays while its instance exists', () => {
    expect(selectionAfter(selected, delta(1, { removed: ['other'] }), scanned)).toBe(selected)
    expect(selectionAfter(selected, snapshot([instance(10)]), EMPTY_DECK)).toBe(selected)
  })
  test('moves from a launcher to its Serena', () => {
    const handovers = [{ from: selected, to: 'b' }]
    expect(selectionAfter(selected, delta(1, { removed: [selected], handovers }), scanned)).toBe('b')
  })
  test('is null when its instance exited', () => {
    expect(selectionAfter(selected, delta(1, { removed: [selected] }), scanned)).toBeNull()
    expect(selectionAfter(selected, snapshot([]), EMPTY_DECK)).toBeNull()
  })
  test('of the last visit is kept until the first scan of the backend', () => {
    const blind = snapshot([])
    blind.list.serenaHomes = []
    expect(selectionAfter(selected, blind, EMPTY_DECK)).toBe(selected)
    const before = after(EMPTY_DECK, blind)
    const first = (changed: Instance[]) => delta(1, { changed, serenaHomes: ['/h'] })
    expect(selectionAfter(selected, first([instance(10)]), before)).toBe(selected)
    expect(selectionAfter(selected, first([instance(11)]), before)).toBeNull()
    expect(selectionAfter(selected, delta(1, {}), before)).toBe(selected)
  })
})
