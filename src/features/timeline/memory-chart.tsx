// The memory of all instances over the shown time; freed memory is a step down.
import { createMemo, type JSX, Show } from 'solid-js'
import { formatBytes } from '#contract/units'
import type { Usage, UsageWeek } from '#contract/usage'
import { clockTime } from '../../state/locale.ts'
import { usePage } from '../../state/page-context.ts'
import { makePictureCopies } from '../../state/picture-copies.ts'
import { csvOf } from '../../ui/csv.ts'
import { Picture, type PictureRows } from '../../ui/picture.tsx'
import { pngOf } from '../../ui/picture-png.ts'
import { type ChartTick, TimeChart } from '../../ui/time-chart.tsx'
import {
  type ChartPoint,
  type ChartSeries,
  niceMax,
  pointsOf,
  withDrops,
} from '../../ui/time-chart-geometry.ts'
import type { Freed, TimeWindow } from './timeline-input.ts'
import { timeOf } from './timeline-words.ts'

const HEIGHT_PX = 120

export function MemoryChart(props: {
  hour: Usage | undefined
  week: UsageWeek | undefined
  window: TimeWindow
  freed: readonly Freed[]
  ticks: readonly ChartTick[]
  width: number
  leftPx: number
}): JSX.Element {
  const page = usePage()
  const points = createMemo((): readonly ChartPoint[] =>
    totalPoints(props.hour, props.week).filter(
      ([atMs]) => atMs >= props.window.fromMs && atMs <= props.window.toMs,
    ),
  )
  const series = createMemo((): ChartSeries => {
    const most = Math.max(0, ...points().map(([, value]) => value ?? 0))
    return {
      name: 'Memory',
      color: '--accent',
      kind: 'area',
      points: withDrops(points(), props.freed),
      max: niceMax(most * 1.05),
      words: (mb) => formatBytes(mb * 1e6),
    }
  })
  return (
    <Picture
      title="Memory of all"
      summary={summaryOf(points(), props.freed)}
      rows={() => rowsOf(points(), props.freed)}
      copies={makePictureCopies(page, { draw: pngOf, csv: csvOf })}
    >
      <Show when={points().length > 0}>
        <TimeChart
          label="Memory of all instances"
          fromMs={props.window.fromMs}
          toMs={props.window.toMs}
          stepMs={props.hour?.stepMs ?? 0}
          series={[series()]}
          ticks={props.ticks}
          width={props.width - 8}
          height={HEIGHT_PX}
          leftPx={props.leftPx}
          timeWords={(atMs) => `${clockTime(new Date(atMs).toISOString())}${freedWords(props.freed, atMs)}`}
        />
      </Show>
    </Picture>
  )
}

function summaryOf(points: readonly ChartPoint[], freed: readonly Freed[]): string {
  const bytes = freed.reduce((sum, one) => sum + one.bytes, 0)
  const now = points.findLast(([, value]) => value !== null)?.[1] ?? null
  return [
    now === null ? 'No samples in this period.' : formatBytes(now * 1e6),
    ...(bytes > 0 ? [`${formatBytes(bytes)} freed`] : []),
  ].join(' · ')
}

const rowsOf = (points: readonly ChartPoint[], freed: readonly Freed[]): PictureRows => [
  ['Time', 'Memory (MB)', 'Freed (MB)'],
  ...points.map(([atMs, value]) => [timeOf(atMs), value === null ? '' : String(value), '']),
  ...freed.map(({ atMs, bytes }) => [timeOf(atMs), '', String(Math.round(bytes / 1e6))]),
]

const NEAR_MS = 5 * 60_000

const freedWords = (freed: readonly Freed[], atMs: number): string =>
  freed
    .filter((one) => Math.abs(one.atMs - atMs) <= NEAR_MS)
    .map(({ bytes, title }) => ` · ${formatBytes(bytes)} freed (${title})`)
    .join('')

/** The week until the last hour, then the last hour. */
function totalPoints(hour: Usage | undefined, week: UsageWeek | undefined): ChartPoint[] {
  const fine = hour ? pointsOf(hour.totalMb, Date.parse(hour.endsAt), hour.stepMs) : []
  const begin = fine[0]?.[0] ?? Number.POSITIVE_INFINITY
  const coarse = week ? pointsOf(week.totalMb, Date.parse(week.endsAt), week.stepMs) : []
  return [...coarse.filter(([atMs]) => atMs < begin), ...fine]
}
