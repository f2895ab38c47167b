// Which instances are marked as new, and for how long.
import { describe, expect, it } from 'vitest'
import type { DeckEvent } from '#contract/events'
import type { Instance } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { isNew, markSeen, NEW_MARK_MS, newInstancesAfter, withoutInstance } from './new-instances.ts'

const NONE: ReadonlyMap<string, number | null> = new Map()
const delta = (change: Partial<Extract<DeckEvent, { type: 'delta' }>>): DeckEvent => ({
  type: 'delta',
  sequence: 1,
  sweptAt: '',
  changed: [],
  removed: [],
  handovers: [],
  notices: null,
  serenaHomes: null,
  ...change,
})
const one = instance(1, { id: '1-a' })
const two = instance(2, { id: '2-b' })
const listOf = (...instances: Instance[]) => ({ instances, serenaHomes: ['/home/ana/.serena'] })

describe('new instances', () => {
  it('come from changes only, not from known instances', () => {
    const snapshot = { type: 'snapshot', sequence: 1, list: {} } as unknown as DeckEvent
    expect(newInstancesAfter(NONE, snapshot, listOf(), 0).size).toBe(0)
    expect([...newInstancesAfter(NONE, delta({ changed: [one, two] }), listOf(one), 5)]).toEqual([['2-b', 5]])
  })

  it('are none in the first scan of a backend', () => {
    const beforeScan = { instances: [], serenaHomes: [] }
    const first = delta({ changed: [one, two], serenaHomes: ['/home/ana/.serena'] })
    expect(newInstancesAfter(NONE, first, beforeScan, 5).size).toBe(0)
  })

  it('inherit the mark of their launcher', () => {
    const handovers = [{ from: '1-a', to: '2-b' }]
    expect([
      ...newInstancesAfter(new Map([['1-a', 3]]), delta({ changed: [two], handovers }), listOf(one), 9),
    ]).toEqual([['2-b', 3]])
    expect(newInstancesAfter(NONE, delta({ changed: [two], handovers }), listOf(one), 9).size).toBe(0)
  })

  it('lose the mark when they exit, are opened, or were visible long enough', () => {
    const some = newInstancesAfter(NONE, delta({ changed: [one, two] }), listOf(), null)
    expect(isNew(some, '1-a', 1e9)).toBe(true)
    const seen = markSeen(some, 1_000)
    expect([isNew(seen, '1-a', 1_000 + NEW_MARK_MS - 1), isNew(seen, '1-a', 1_000 + NEW_MARK_MS)]).toEqual([
      true,
      false,
    ])
    expect([...withoutInstance(seen, '1-a').keys()]).toEqual(['2-b'])
    expect([...newInstancesAfter(seen, delta({ removed: ['1-a'] }), listOf(one, two), 0).keys()]).toEqual([
      '2-b',
    ])
  })
})
