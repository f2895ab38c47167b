// Memory and CPU of one instance in the last hour, as a chart. Loaded when it is shown.
import { createMemo, type JSX } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { type InstanceUsage, USAGE_SAMPLES, USAGE_STEP_MS } from '#contract/usage'
import { createElementWidth } from '../../state/element-width.ts'
import { clockTime } from '../../state/locale.ts'
import { usePage } from '../../state/page-context.ts'
import { makePictureCopies } from '../../state/picture-copies.ts'
import { cpuTraceWords, memoryTraceWords } from '../../state/usage-words.ts'
import { csvOf } from '../../ui/csv.ts'
import { Picture, type PictureRows } from '../../ui/picture.tsx'
import { pngOf } from '../../ui/picture-png.ts'
import { TimeChart } from '../../ui/time-chart.tsx'
import { type ChartSeries, niceMax, pointsOf } from '../../ui/time-chart-geometry.ts'
import { timeTicks, zoneOffsetMs } from '../../ui/time-ticks.ts'

const HEIGHT_PX = 132
const LEFT_PX = 56
const TICK_PX = 90

export function UsageChart(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  let root!: HTMLElement
  const width = createElementWidth(() => root)
  const usage = createMemo(() => page.usage.of(props.instance.id))
  const endsAtMs = createMemo(() =>
    Date.parse(page.usage.all()?.endsAt ?? new Date(page.now()).toISOString()),
  )
  const fromMs = (): number => endsAtMs() - USAGE_SAMPLES * USAGE_STEP_MS
  const series = createMemo(() => seriesOf(usage(), endsAtMs()))
  const ticks = createMemo(() =>
    timeTicks(fromMs(), endsAtMs(), (width() - LEFT_PX) / TICK_PX, zoneOffsetMs(endsAtMs())).atMs.map(
      (atMs) => ({ atMs, text: clockWords(atMs) }),
    ),
  )
  return (
    <div ref={(element) => (root = element)}>
      <Picture
        title="Memory and CPU"
        summary={summaryOf(memoryTraceWords(usage()), cpuTraceWords(usage()))}
        rows={() => rowsOf(series())}
        copies={makePictureCopies(page, { draw: pngOf, csv: csvOf })}
      >
        <TimeChart
          label="Memory and CPU in the last hour"
          fromMs={fromMs()}
          toMs={endsAtMs()}
          stepMs={USAGE_STEP_MS}
          series={series()}
          ticks={ticks()}
          width={width()}
          height={HEIGHT_PX}
          leftPx={LEFT_PX}
          timeWords={clockWords}
        />
      </Picture>
    </div>
  )
}

function seriesOf(usage: InstanceUsage | undefined, endsAtMs: number): ChartSeries[] {
  const memory = usage?.memoryMb ?? []
  const cpu = usage?.cpuPercent ?? []
  return [
    {
      name: 'Memory',
      color: '--green',
      kind: 'area',
      points: pointsOf(memory, endsAtMs, USAGE_STEP_MS),
      max: niceMax(mostOf(memory) * 1.1),
      words: (mb) => formatBytes(mb * 1e6),
    },
    {
      name: 'CPU',
      color: '--blue',
      kind: 'line',
      points: pointsOf(cpu, endsAtMs, USAGE_STEP_MS),
      max: Math.max(100, niceMax(mostOf(cpu))),
      words: (percent) => `${percent} %`,
    },
  ]
}

const rowsOf = ([memory, cpu]: readonly ChartSeries[]): PictureRows => [
  ['Time', 'Memory (MB)', 'CPU (%)'],
  ...(memory?.points ?? []).map(([atMs, mb], at) => [
    clockWords(atMs),
    numberWords(mb),
    numberWords(cpu?.points[at]?.[1] ?? null),
  ]),
]

const mostOf = (samples: readonly (number | null)[]): number => Math.max(0, ...samples.map((one) => one ?? 0))
const clockWords = (atMs: number): string => clockTime(new Date(atMs).toISOString())
const numberWords = (value: number | null): string => (value === null ? '' : String(value))

const summaryOf = (memory: string, cpu: string): string =>
  memory === '' ? 'No samples yet.' : `${[memory, cpu].filter((part) => part !== '').join('. ')}.`
