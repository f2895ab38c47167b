// Values over time -> the SVG paths of a line and of the area below it. Pure.

/** Null: not known at that time. */
export type Samples = readonly (number | null)[]

export interface SparklineBox {
  width: number
  height: number
  /** The value at the top. */
  max: number
}

export interface SparklinePaths {
  line: string
  area: string
}

/** A narrower distance between two points cannot be seen. */
const POINT_PX = 2
/** Half of a one-sample line, so that it is visible. */
const DOT_PX = 0.75

/** Returns the paths. Samples are equally spaced, oldest first, the last one at the right edge; unknown ones interrupt the line. */
export function sparklinePaths(values: Samples, { width, height, max }: SparklineBox): SparklinePaths {
  const points = merged(values, Math.max(2, Math.floor(width / POINT_PX)))
  const stepPx = width / Math.max(1, points.length - 1)
  const yOf = (value: number): number => height * (1 - Math.min(1, Math.max(0, value / Math.max(max, 1e-9))))
  let line = ''
  let area = ''
  for (const { from, to } of runsOf(points)) {
    const coordinates = points
      .slice(from, to)
      .map((value, at) => ({ x: points.length === 1 ? width : (from + at) * stepPx, y: yOf(value ?? 0) }))
    const [first] = coordinates
    const last = coordinates.at(-1)
    if (!first || !last) continue
    const isDot = coordinates.length === 1
    const shown = isDot
      ? [
          { x: Math.max(0, first.x - DOT_PX), y: first.y },
          { x: Math.min(width, first.x + DOT_PX), y: first.y },
        ]
      : coordinates
    const drawn = shown.map(({ x, y }) => `${short(x)} ${short(y)}`).join('L')
    line += `M${drawn}`
    // Below one or two samples it would be a line to the ground.
    if (coordinates.length > 2)
      area += `M${short(shown[0]?.x ?? 0)} ${short(height)}L${drawn}L${short(shown.at(-1)?.x ?? 0)} ${short(height)}Z`
  }
  return { line, area }
}

/** Returns at most `count` values: the largest of each group, so that no peak is lost. The groups are aligned with the newest value. */
export function merged(values: Samples, count: number): Samples {
  const size = Math.ceil(values.length / count)
  if (size <= 1) return values
  const groups: (number | null)[] = []
  for (let end = values.length; end > 0; end -= size) {
    const known = values.slice(Math.max(0, end - size), end).filter((value) => value !== null)
    groups.unshift(known.length === 0 ? null : Math.max(...known))
  }
  return groups
}

/** Returns the ranges of known values. */
export function runsOf(values: Samples): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  let from = -1
  for (let at = 0; at <= values.length; at++) {
    const isKnown = at < values.length && values[at] !== null
    if (isKnown && from < 0) from = at
    if (!isKnown && from >= 0) {
      runs.push({ from, to: at })
      from = -1
    }
  }
  return runs
}

const short = (value: number): string => String(Math.round(value * 10) / 10)
