// The calls of one or more instances in the last hour, a bar per minute.
import { createMemo, type JSX } from 'solid-js'
import { countOf } from '#contract/units'
import { USAGE_SAMPLES, USAGE_STEP_MS } from '#contract/usage'
import { createElementWidth } from '../../state/element-width.ts'
import { clockTime } from '../../state/locale.ts'
import { usePage } from '../../state/page-context.ts'
import { makePictureCopies } from '../../state/picture-copies.ts'
import { csvOf } from '../../ui/csv.ts'
import { Picture } from '../../ui/picture.tsx'
import { pngOf } from '../../ui/picture-png.ts'
import { TimeChart } from '../../ui/time-chart.tsx'
import { type ChartSeries, niceMax, pointsOf } from '../../ui/time-chart-geometry.ts'
import { timeTicks, zoneOffsetMs } from '../../ui/time-ticks.ts'
import { callCounts, countWords } from './tool-bars.ts'

const MINUTE_MS = 60_000
const MINUTES = (USAGE_SAMPLES * USAGE_STEP_MS) / MINUTE_MS
const HEIGHT_PX = 132
const LEFT_PX = 36
const TICK_PX = 90

export function CallsChart(props: { ids: readonly string[] }): JSX.Element {
  const page = usePage()
  let root!: HTMLElement
  const width = createElementWidth(() => root)
  const endsAtMs = createMemo(() =>
    Date.parse(page.usage.all()?.endsAt ?? new Date(page.now()).toISOString()),
  )
  const fromMs = (): number => endsAtMs() - MINUTES * MINUTE_MS
  const counts = createMemo(() => {
    const usages = props.ids.map((id) => page.usage.of(id)).filter((one) => one !== undefined)
    return callCounts(usages, MINUTE_MS / USAGE_STEP_MS, MINUTES)
  })
  const series = createMemo(
    (): ChartSeries => ({
      name: 'Calls',
      color: '--accent',
      kind: 'bars',
      points: pointsOf(counts().perMinute, endsAtMs(), MINUTE_MS),
      // An even number, so that the line in the middle is a whole one.
      max: Math.max(4, niceMax(Math.max(...counts().perMinute))),
      words: (value) => String(value),
    }),
  )
  const ticks = createMemo(() =>
    timeTicks(fromMs(), endsAtMs(), (width() - LEFT_PX) / TICK_PX, zoneOffsetMs(endsAtMs())).atMs.map(
      (atMs) => ({ atMs, text: timeWords(atMs) }),
    ),
  )
  return (
    <div class="stats__picture" ref={(element) => (root = element)}>
      <Picture
        title="Calls per minute"
        summary={countWords(counts())}
        rows={() => [
          ['Minute until', 'Calls'],
          ...series().points.map(([atMs, count]) => [timeWords(atMs), String(count)]),
        ]}
        copies={makePictureCopies(page, { draw: pngOf, csv: csvOf })}
      >
        <TimeChart
          label={`Calls per minute in the last hour of ${countOf(props.ids.length, 'instance')}`}
          fromMs={fromMs()}
          toMs={endsAtMs()}
          stepMs={MINUTE_MS}
          series={[series()]}
          ticks={ticks()}
          width={width()}
          height={HEIGHT_PX}
          leftPx={LEFT_PX}
          timeWords={timeWords}
        />
      </Picture>
    </div>
  )
}

const timeWords = (atMs: number): string => clockTime(new Date(atMs).toISOString())
