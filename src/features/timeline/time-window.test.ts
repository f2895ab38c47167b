import { expect, test } from 'vitest'
import { moved, windowOf, zoomed } from './time-window.ts'

const HOUR = 3_600_000
const NOW = 1_000 * HOUR
const HOUR_VIEW = { spanMs: HOUR, toMs: null }

test('ends now, and moves on with the time', () => {
  expect(windowOf(HOUR_VIEW, NOW)).toEqual({ fromMs: NOW - HOUR, toMs: NOW })
  expect(windowOf({ spanMs: HOUR, toMs: 5 * HOUR }, NOW)).toEqual({ fromMs: 4 * HOUR, toMs: 5 * HOUR })
})

test('keeps the chosen place while it zooms', () => {
  expect(zoomed(HOUR_VIEW, 0.5, 1, NOW)).toEqual({ spanMs: HOUR / 2, toMs: null })
  expect(zoomed(HOUR_VIEW, 0.5, 0, NOW)).toEqual({ spanMs: HOUR / 2, toMs: NOW - HOUR / 2 })
  expect(zoomed(HOUR_VIEW, 0.5, 0.5, NOW)).toEqual({ spanMs: HOUR / 2, toMs: NOW - HOUR / 4 })
})

test('shows two minutes to one week, and nothing after now', () => {
  expect(zoomed(HOUR_VIEW, 0.0001, 1, NOW).spanMs).toBe(120_000)
  expect(zoomed(HOUR_VIEW, 10_000, 0, NOW)).toEqual({ spanMs: 7 * 24 * HOUR, toMs: null })
})

test('moves within what is kept', () => {
  expect(moved(HOUR_VIEW, 0.5, NOW)).toEqual(HOUR_VIEW)
  expect(moved(HOUR_VIEW, -0.5, NOW)).toEqual({ spanMs: HOUR, toMs: NOW - HOUR / 2 })
  expect(moved({ spanMs: HOUR, toMs: NOW - HOUR }, -1_000, NOW)).toEqual({
    spanMs: HOUR,
    toMs: NOW - 7 * 24 * HOUR + HOUR,
  })
})
