import { describe, expect, test } from 'vitest'
import { afterHandover, arrangeTabs, moveBefore } from './tab-order.ts'

const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
const idsOf = (order: readonly string[], pinned: readonly string[] = []): string =>
  arrangeTabs(items, { order, pinned })
    .map(({ id }) => id)
    .join('')

describe('the order of tabs', () => {
  test('is by age at first', () => expect(idsOf([])).toBe('abcd'))
  test('follows the user, with new instances at the end', () => expect(idsOf(['d', 'b'])).toBe('dbac'))
  test('ignores ids that are no longer listed', () => expect(idsOf(['x', 'c'])).toBe('cabd'))
  test('puts pinned tabs first, in the same order as the others', () => {
    expect(idsOf([], ['d', 'b'])).toBe('bdac')
    expect(idsOf(['d', 'c', 'b', 'a'], ['a', 'b'])).toBe('badc')
  })
})

test('moves a tab in front of another, or to the end', () => {
  expect(moveBefore(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b'])
  expect(moveBefore(['a', 'b', 'c'], 'a', null)).toEqual(['b', 'c', 'a'])
  expect(moveBefore(['a', 'b', 'c'], 'b', 'b')).toEqual(['a', 'b', 'c'])
  expect(moveBefore(['a', 'b', 'c'], 'b', 'gone')).toEqual(['a', 'b', 'c'])
})

test('a Serena takes the place of its launcher', () => {
  expect(afterHandover({ order: ['a', 'b'], pinned: ['b'] }, 'b', 'x')).toEqual({
    order: ['a', 'x'],
    pinned: ['x'],
  })
})
