import { describe, expect, test } from 'vitest'
import {
  barPath,
  type ChartPoint,
  type ChartSeries,
  closestPoint,
  niceMax,
  pointsOf,
  seriesPaths,
  withDrops,
} from './time-chart-geometry.ts'

const BOX = { fromMs: 0, toMs: 100, width: 100, height: 10 }
const series = (points: readonly ChartPoint[]): ChartSeries => ({
  name: 'Memory',
  color: '--green',
  kind: 'area',
  points,
  max: 10,
  words: String,
})

describe('seriesPaths', () => {
  /** Runs of one and of two points. */
  const SHORT_RUNS: readonly ChartPoint[] = [
    [0, 10],
    [10, null],
    [20, 10],
    [30, 10],
  ]

  test('draws the known points within the box', () => {
    const points: ChartPoint[] = [
      [-10, 5],
      [0, 10],
      [50, 5],
      [100, 0],
      [110, 5],
    ]
    expect(seriesPaths(series(points), BOX)).toEqual({
      line: 'M0 0L50 5L100 10',
      area: 'M0 10L0 0L50 5L100 10L100 10Z',
    })
  })

  test('has no area below one or two points', () => {
    expect(seriesPaths(series(SHORT_RUNS), BOX).area).toBe('')
  })

  test('interrupts the line at unknown points', () => {
    expect(seriesPaths(series(SHORT_RUNS), BOX).line).toBe('M0 0h1M20 0L30 0')
  })
})

test('barPath draws a bar for each known step', () => {
  const points: ChartPoint[] = [
    [10, 10],
    [20, 0],
    [30, null],
    [40, 5],
  ]
  expect(barPath(series(points), BOX, 10)).toBe('M0 10V0h9V10ZM30 10V5h9V10Z')
})

test('pointsOf ends at the end', () => {
  expect(pointsOf([1, null], 100, 30)).toEqual([
    [70, 1],
    [100, null],
  ])
})

test('withDrops shows freed memory as a step', () => {
  const points: ChartPoint[] = [
    [0, 10],
    [10, 4],
    [20, 3],
  ]
  expect(withDrops(points, [{ atMs: 6 }])).toEqual([
    [0, 10],
    [6, 10],
    [6, 4],
    [10, 4],
    [20, 3],
  ])
})

test('closestPoint finds the nearest time', () => {
  const points: ChartPoint[] = [
    [0, 1],
    [10, 2],
  ]
  expect([closestPoint(points, 4), closestPoint(points, 90), closestPoint([], 1)]).toEqual([0, 1, -1])
})

test('niceMax returns a round value', () => {
  expect([0, 0.3, 7, 12, 230, 1_000].map(niceMax)).toEqual([1, 0.5, 10, 20, 250, 1_000])
})
