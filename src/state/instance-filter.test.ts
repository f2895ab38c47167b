import { describe, expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { matchesSearch, statesIn, toggleState } from './instance-filter.ts'

const one = instance(1, { flags: ['slow'], owner: { pid: 10, name: 'Claude Code', detail: '~/shop' } })
const red = instance(2, { state: 'hung' })

test.each([
  ['', true],
  ['shop', true],
  ['SHOP live', true],
  ['shop idle', false],
  [':24282', true],
  ['claude', true],
  ['zombie', false],
  ['slow', true],
  ['-slow', false],
  ['-red', true],
  ['state:live', true],
  ['state:green', true],
  ['state:red', false],
  ['state:red,green', true],
  ['-state:red', true],
  ['state:', true],
  ['client:claude', true],
  ['client:cursor', false],
  ['client:cursor,claude', true],
  ['client:"claude code"', true],
  ['client:"code claude"', false],
  ['project:sho', true],
  ['project:none', false],
  ['flag:slow', true],
  ['port:24282', true],
  ['pid:1', true],
  ['version:2.1', true],
  ['>500mb', true],
  ['> 500mb', false],
  ['>0.7gb', false],
  ['<1g', true],
  ['>600', true],
  ['state:green client:claude >500mb', true],
  ['nokey:shop', false],
])('the search %s', (search, isMatch) => {
  expect(matchesSearch(search)(one)).toBe(isMatch)
})

test('an unknown size is neither large nor small', () => {
  const unknown = instance(3, { memoryBytes: null })
  expect(matchesSearch('>1mb')(unknown)).toBe(false)
  expect(matchesSearch('<9gb')(unknown)).toBe(false)
})

test('`zombie` and `gray` are words for colors', () => {
  expect(matchesSearch('state:zombie')(red)).toBe(true)
  expect(matchesSearch('state:gray')(instance(4, { state: 'asleep' }))).toBe(true)
  expect(matchesSearch('state:hun')(red)).toBe(true)
})

describe('the states of a search', () => {
  test.each([
    ['', 'red', 'state:red'],
    ['state:red', 'red', ''],
    ['state:red', 'green', 'state:red,green'],
    ['state:red,green shop', 'red', 'state:green shop'],
    ['shop', 'idle', 'state:idle shop'],
  ])('"%s" with %s toggled', (search, word, after) => {
    expect(toggleState(search, word)).toBe(after)
  })
  test('are listed', () => {
    expect(statesIn('shop state:red,Green')).toEqual(['red', 'green'])
    expect(statesIn('shop')).toEqual([])
  })
})
