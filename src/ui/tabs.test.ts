import { describe, expect, test } from 'vitest'
import { placeAfter } from './tabs.tsx'

describe('the keys of a list of tabs', () => {
  test.each([
    ['ArrowRight', 0, 'horizontal', 1],
    ['ArrowRight', 2, 'horizontal', 0],
    ['ArrowLeft', 0, 'horizontal', 2],
    ['ArrowDown', 1, 'vertical', 2],
    ['ArrowDown', 2, 'vertical', 0],
    ['ArrowUp', 0, 'vertical', 2],
    ['Home', 2, 'horizontal', 0],
    ['End', 0, 'vertical', 2],
  ] as const)('%s at place %d of three, %s: to %d', (key, place, orientation, to) => {
    expect(placeAfter(key, place, 3, orientation)).toBe(to)
  })

  test.each([
    ['ArrowDown', 'horizontal'],
    ['ArrowLeft', 'vertical'],
    ['a', 'horizontal'],
    [' ', 'vertical'],
  ] as const)('%s in a %s one is not theirs', (key, orientation) => {
    expect(placeAfter(key, 1, 3, orientation)).toBeNull()
  })
})
