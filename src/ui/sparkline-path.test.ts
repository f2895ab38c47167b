import { describe, expect, test } from 'vitest'
import { merged, runsOf, sparklinePaths } from './sparkline-path.ts'

const BOX = { width: 10, height: 10, max: 100 }

describe('sparklinePaths', () => {
  test('puts the newest value at the right edge and the largest at the top', () => {
    expect(sparklinePaths([0, 50, 100], BOX)).toEqual({
      line: 'M0 10L5 5L10 0',
      area: 'M0 10L0 10L5 5L10 0L10 10Z',
    })
  })

  test('draws nothing without a known value', () => {
    expect(sparklinePaths([], BOX)).toEqual({ line: '', area: '' })
    expect(sparklinePaths([null, null], BOX)).toEqual({ line: '', area: '' })
  })

  test('interrupts the line where the value is not known', () => {
    expect(sparklinePaths([100, 100, null, 0, 0], BOX).line).toBe('M0 0L2.5 0M7.5 10L10 10')
  })

  test('shows a single value as a short line, and no area below two values', () => {
    expect(sparklinePaths([null, null, 100], BOX)).toEqual({ line: 'M9.3 0L10 0', area: '' })
    expect(sparklinePaths([null, 100, 100], BOX).area).toBe('')
    expect(sparklinePaths([100], BOX).line).toBe('M9.3 0L10 0')
  })

  test('keeps values above the maximum inside the box', () => {
    expect(sparklinePaths([500, 500], BOX).line).toBe('M0 0L10 0')
    expect(sparklinePaths([0, 0], { ...BOX, max: 0 }).line).toBe('M0 10L10 10')
  })
})

describe('merged', () => {
  test('keeps the largest of each group, aligned with the newest', () => {
    expect(merged([1, 9, 2, 3, null], 3)).toEqual([1, 9, 3])
    expect(merged([1, 2], 3)).toEqual([1, 2])
  })

  test('is unknown only where all of a group are', () => {
    expect(merged([null, null, 4, null], 2)).toEqual([null, 4])
  })
})

test('runsOf returns the ranges of known values', () => {
  expect(runsOf([null, 1, 2, null, 3])).toEqual([
    { from: 1, to: 3 },
    { from: 4, to: 5 },
  ])
})
