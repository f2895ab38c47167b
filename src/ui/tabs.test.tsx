import { describe, expect, test } from 'vitest'
import { indexAfterKey } from './tabs.tsx'

describe('tab navigation keys', () => {
  test.each([
    ['ArrowRight', 0, 'horizontal', 1],
    ['ArrowRight', 2, 'horizontal', 0],
    ['ArrowLeft', 0, 'horizontal', 2],
    ['ArrowDown', 1, 'vertical', 2],
    ['ArrowDown', 2, 'vertical', 0],
    ['ArrowUp', 0, 'vertical', 2],
    ['Home', 2, 'horizontal', 0],
    ['End', 0, 'vertical', 2],
  ] as const)('%s at index %d of three, %s, leads to %d', (key, index, orientation, to) => {
    expect(indexAfterKey(key, index, 3, orientation)).toBe(to)
  })

  test.each([
    ['ArrowDown', 'horizontal'],
    ['ArrowLeft', 'vertical'],
    ['a', 'horizontal'],
    [' ', 'vertical'],
  ] as const)('ignores %s in a %s list', (key, orientation) => {
    expect(indexAfterKey(key, 1, 3, orientation)).toBeNull()
  })
})
