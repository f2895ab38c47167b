// Series over time -> what a chart draws. Pure.

export type ChartPoint = readonly [atMs: number, value: number | null]

export interface ChartSeries {
  name: string
  /** A custom property of the style sheet, such as `--green`. */
  color: string
  kind: 'area' | 'line' | 'bars'
  points: readonly ChartPoint[]
  /** The value at the top. */
  max: number
  /** Returns a value in words. */
  words: (value: number) => string
}

export interface ChartBox {
  fromMs: number
  toMs: number
  width: number
  height: number
}

const xOf = (atMs: number, { fromMs, toMs, width }: ChartBox): number =>
  ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * width

/** Returns the path of the line, and of the area below it. Points outside of the box are left out. */
export function seriesPaths({ points, max }: ChartSeries, box: ChartBox): { line: string; area: string } {
  let line = ''
  let area = ''
  for (const run of knownRuns(points, box)) {
    const drawn = run.map(([atMs, value]) => `${round(xOf(atMs, box))} ${round(yOf(value, max, box))}`)
    const [first] = run
    const last = run.at(-1)
    if (!first || !last) continue
    const path = drawn.length === 1 ? `${drawn[0]}h1` : drawn.join('L')
    line += `M${path}`
    // Below one or two points it would be a line to the ground.
    if (run.length > 2)
      area += `M${round(xOf(first[0], box))} ${box.height}L${path}L${round(xOf(last[0], box))} ${box.height}Z`
  }
  return { line, area }
}

/** Returns one path with a bar per point; each is as wide as the distance to the next, without a gap of one pixel. */
export function barPath({ points, max }: ChartSeries, box: ChartBox, stepMs: number): string {
  const width = Math.max(1, (stepMs / Math.max(1, box.toMs - box.fromMs)) * box.width - 1)
  return points
    .filter(([atMs, value]) => value !== null && value > 0 && atMs > box.fromMs && atMs - stepMs < box.toMs)
    .map(([atMs, value]) => {
      const y = round(yOf(value ?? 0, max, box))
      return `M${round(xOf(atMs - stepMs, box))} ${box.height}V${y}h${round(width)}V${box.height}Z`
    })
    .join('')
}

function knownRuns(
  points: readonly ChartPoint[],
  { fromMs, toMs }: ChartBox,
): (readonly [number, number])[][] {
  const runs: (readonly [number, number])[][] = []
  let run: (readonly [number, number])[] = []
  for (const [atMs, value] of points) {
    if (atMs < fromMs || atMs > toMs) continue
    if (value === null) {
      if (run.length > 0) runs.push(run)
      run = []
    } else run.push([atMs, value])
  }
  return run.length > 0 ? [...runs, run] : runs
}

const yOf = (value: number, max: number, { height }: ChartBox): number =>
  height * (1 - Math.min(1, Math.max(0, value / Math.max(max, 1e-9))))

/** Returns the samples of a span as points. `endsAtMs`: the end of the last one. */
export const pointsOf = (
  samples: readonly (number | null)[],
  endsAtMs: number,
  stepMs: number,
): ChartPoint[] => samples.map((value, at) => [endsAtMs - (samples.length - 1 - at) * stepMs, value] as const)

/** Returns the points with each drop of memory as a step at its time, instead of a slope up to the next sample. */
export function withDrops(
  points: readonly ChartPoint[],
  drops: readonly { atMs: number }[],
): readonly ChartPoint[] {
  const result: ChartPoint[] = []
  points.forEach((point, at) => {
    const before = points[at - 1]
    const [atMs, value] = point
    if (before && value !== null && before[1] !== null && value < before[1]) {
      const drop = drops.find((one) => one.atMs > before[0] && one.atMs <= atMs)
      if (drop) result.push([drop.atMs, before[1]], [drop.atMs, value])
    }
    result.push(point)
  })
  return result
}

/** Returns the index of the point that is closest to that time; -1: there is none. */
export function closestPoint(points: readonly ChartPoint[], atMs: number): number {
  let best = -1
  let distance = Number.POSITIVE_INFINITY
  points.forEach(([at], index) => {
    const away = Math.abs(at - atMs)
    if (away < distance) {
      best = index
      distance = away
    }
  })
  return best
}

/** Returns a round value at or above the largest: 1, 2, 2.5 or 5 times a power of ten. */
export function niceMax(largest: number): number {
  if (largest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(largest))
  return power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= largest) ?? 10)
}

const round = (value: number): number => Math.round(value * 10) / 10
