import { describe, expect, test } from 'vitest'
import { groupInstances, matchesSearch, SORT_KEYS, sortInstances, summarise } from './deck-summary.ts'
import { makeInstance } from './instance.fixture.ts'

describe('the summary', () => {
  test('counts by colour and sums what is known', () => {
    const instances = [
      makeInstance(1),
      makeInstance(2, { state: 'hung', memoryBytes: null }),
      makeInstance(3, { state: 'idle', memoryBytes: 8_000_000 }),
    ]
    expect(summarise(instances)).toEqual({
      count: 3,
      byColour: { green: 1, yellow: 1, red: 1, blue: 0, grey: 0 },
      memoryBytes: 620_000_000,
      cpuPercent: 3,
    })
  })
  test('of nothing known is not zero', () => {
    expect(summarise([makeInstance(1, { memoryBytes: null })]).memoryBytes).toBeNull()
  })
})

test.each([
  ['shop', true],
  ['SHOP live', true],
  [':24282', true],
  ['claude', true],
  ['zombie', false],
  ['slow', true],
])('the search %s', (search, fits) => {
  expect(matchesSearch(makeInstance(1, { flags: ['slow'] }), search)).toBe(fits)
})

describe('sorting', () => {
  const small = makeInstance(1, { memoryBytes: 1 })
  const large = makeInstance(2, { memoryBytes: 2 })
  const unknown = makeInstance(3, { memoryBytes: null })
  test('puts what is not known last either way', () => {
    const all = [unknown, large, small]
    expect(sortInstances(all, { key: 'memory', isDescending: false })).toEqual([small, large, unknown])
    expect(sortInstances(all, { key: 'memory', isDescending: true })).toEqual([large, small, unknown])
  })
  test('by state shows red first; by age the oldest last', () => {
    const red = makeInstance(9, { state: 'hung' })
    expect(sortInstances([small, red], { key: 'state', isDescending: false })[0]).toBe(red)
    expect(sortInstances([small, red], { key: 'age', isDescending: true })[0]).toBe(small)
  })
  test.each(SORT_KEYS)('by %s keeps the order of equal ones', (key) => {
    const twins = [makeInstance(1, { title: 'a' }), makeInstance(1, { title: 'b' })]
    expect(sortInstances(twins, { key, isDescending: true })).toEqual(twins)
  })
})

describe('grouping', () => {
  const shop = makeInstance(1)
  const other = makeInstance(2, { project: { name: 'alpha', path: null } })
  const none = makeInstance(3, { project: null, state: 'idle' })
  test('by project, those without one last', () => {
    expect(
      groupInstances([none, shop, other], 'project').map(({ name, instances }) => [name, instances]),
    ).toEqual([
      ['alpha', [other]],
      ['shop', [shop]],
      [null, [none]],
    ])
  })
  test('by state and client, and not at all', () => {
    expect(groupInstances([none, shop], 'state').map(({ name }) => name)).toEqual(['idle', 'live'])
    expect(groupInstances([none, shop], 'client').map(({ name }) => name)).toEqual(['claude'])
    expect(groupInstances([none, shop], 'none')).toEqual([{ name: null, instances: [none, shop] }])
  })
})
