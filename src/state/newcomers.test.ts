// Which tabs are marked as new, and for how long.
import { describe, expect, it } from 'vitest'
import type { DeckEvent } from '#contract/events'
import { makeInstance } from './instance.fixture.ts'
import { isNew, newcomersAfter, SEEN_MS, seenNow, withoutNewcomer } from './newcomers.ts'

const NONE: ReadonlyMap<string, number | null> = new Map()
const delta = (change: Partial<Extract<DeckEvent, { type: 'delta' }>>): DeckEvent => ({
  type: 'delta',
  sequence: 1,
  sweptAt: '',
  changed: [],
  removed: [],
  passed: [],
  notices: null,
  serenaHomes: null,
  ...change,
})
const one = makeInstance(1, { id: '1-a' })
const two = makeInstance(2, { id: '2-b' })

describe('newcomers', () => {
  it('come by changes only, and a known one is none', () => {
    const snapshot = { type: 'snapshot', sequence: 1, list: {} } as unknown as DeckEvent
    expect(newcomersAfter(NONE, snapshot, [], 0).size).toBe(0)
    expect([...newcomersAfter(NONE, delta({ changed: [one, two] }), [one], 5)]).toEqual([['2-b', 5]])
  })

  it('are as new as the launcher they grew out of', () => {
    const passed = [{ from: '1-a', to: '2-b' }]
    expect([...newcomersAfter(new Map([['1-a', 3]]), delta({ changed: [two], passed }), [one], 9)]).toEqual([
      ['2-b', 3],
    ])
    expect(newcomersAfter(NONE, delta({ changed: [two], passed }), [one], 9).size).toBe(0)
  })

  it('go when they end, when they are opened, and when they were seen long enough', () => {
    const some = newcomersAfter(NONE, delta({ changed: [one, two] }), [], null)
    expect(isNew(some, '1-a', 1e9)).toBe(true)
    const seen = seenNow(some, 1_000)
    expect([isNew(seen, '1-a', 1_000 + SEEN_MS - 1), isNew(seen, '1-a', 1_000 + SEEN_MS)]).toEqual([
      true,
      false,
    ])
    expect([...withoutNewcomer(seen, '1-a').keys()]).toEqual(['2-b'])
    expect([...newcomersAfter(seen, delta({ removed: ['1-a'] }), [one, two], 0).keys()]).toEqual(['2-b'])
  })
})
