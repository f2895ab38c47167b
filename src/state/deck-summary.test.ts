import { describe, expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { groupInstances, SORT_KEYS, sortInstances, summarize } from './deck-summary.ts'

describe('the summary', () => {
  test('counts by color and sums known values', () => {
    const instances = [
      instance(1),
      instance(2, { state: 'hung', memoryBytes: null }),
      instance(3, { state: 'idle', memoryBytes: 8_000_000 }),
    ]
    expect(summarize(instances)).toEqual({
      count: 3,
      byColor: { green: 1, yellow: 1, red: 1, blue: 0, grey: 0 },
      memoryBytes: 620_000_000,
      cpuPercent: 3,
    })
  })
  test('is null, not zero, when nothing is known', () => {
    expect(summarize([instance(1, { memoryBytes: null })]).memoryBytes).toBeNull()
  })
})

describe('sorting', () => {
  const small = instance(1, { memoryBytes: 1 })
  const large = instance(2, { memoryBytes: 2 })
  const unknown = instance(3, { memoryBytes: null })
  test('puts unknown values last in both directions', () => {
    const all = [unknown, large, small]
    expect(sortInstances(all, { key: 'memory', isDescending: false })).toEqual([small, large, unknown])
    expect(sortInstances(all, { key: 'memory', isDescending: true })).toEqual([large, small, unknown])
  })
  test('by state puts red first; by age puts the oldest last', () => {
    const red = instance(9, { state: 'hung' })
    expect(sortInstances([small, red], { key: 'state', isDescending: false })[0]).toBe(red)
    expect(sortInstances([small, red], { key: 'age', isDescending: true })[0]).toBe(small)
  })
  test.each(SORT_KEYS)('by %s is stable', (key) => {
    const twins = [instance(1, { title: 'a' }), instance(1, { title: 'b' })]
    expect(sortInstances(twins, { key, isDescending: true })).toEqual(twins)
  })
})

describe('grouping', () => {
  const shop = instance(1)
  const other = instance(2, { project: { name: 'alpha', path: null } })
  const none = instance(3, { project: null, state: 'idle' })
  test('by project, instances without one last', () => {
    expect(
      groupInstances([none, shop, other], 'project').map(({ name, instances }) => [name, instances]),
    ).toEqual([
      ['alpha', [other]],
      ['shop', [shop]],
      [null, [none]],
    ])
  })
  test('by state, by client, and ungrouped', () => {
    expect(groupInstances([none, shop], 'state').map(({ name }) => name)).toEqual(['idle', 'live'])
    expect(groupInstances([none, shop], 'client').map(({ name }) => name)).toEqual(['claude'])
    expect(groupInstances([none, shop], 'none')).toEqual([{ name: null, instances: [none, shop] }])
  })
})
