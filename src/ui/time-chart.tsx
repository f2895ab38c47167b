// Values over time, with an axis, and a cursor for pointer and arrow keys that says the values in words.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { barPath, type ChartBox, type ChartSeries, closestPoint, seriesPaths } from './time-chart-geometry.ts'
import './time-chart.css'

export interface ChartTick {
  atMs: number
  text: string
}

export interface TimeChartProps {
  label: string
  fromMs: number
  toMs: number
  /** The first one has the cursor's steps and the axis at the left. */
  series: readonly ChartSeries[]
  stepMs: number
  ticks: readonly ChartTick[]
  /** CSS pixels of the whole picture. */
  width: number
  height: number
  /** Space at the left, where the values stand. */
  leftPx: number
  /** Returns a time in words. */
  timeWords: (atMs: number) => string
}

const AXIS_PX = 18
const TOP_PX = 8

export function TimeChart(props: TimeChartProps): JSX.Element {
  const [at, setAt] = createSignal<number | null>(null)
  const box = createMemo(
    (): ChartBox => ({
      fromMs: props.fromMs,
      toMs: props.toMs,
      width: Math.max(1, props.width - props.leftPx - 1),
      height: props.height - AXIS_PX - TOP_PX,
    }),
  )
  const steps = createMemo(() =>
    (props.series[0]?.points ?? []).filter(([atMs]) => atMs >= props.fromMs && atMs <= props.toMs),
  )
  const last = (): number => Math.max(0, steps().length - 1)
  const shown = (): number => Math.min(at() ?? last(), last())
  const shownMs = (): number => steps()[shown()]?.[0] ?? props.toMs
  const words = (): string => [props.timeWords(shownMs()), ...valuesAt(props.series, shownMs())].join(' · ')
  const pick = (event: PointerEvent & { currentTarget: Element }): void => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const x = event.clientX - left - props.leftPx
    const { fromMs, toMs, width } = box()
    setAt(closestPoint(steps(), fromMs + (x / width) * (toMs - fromMs)))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = indexAfter(event.key, shown(), last())
    if (to === null) return
    event.preventDefault()
    setAt(to)
  }
  return (
    <div
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={last()}
      aria-valuenow={shown()}
      aria-valuetext={words()}
      onKeyDown={onKeyDown}
      onPointerMove={pick}
      onPointerLeave={() => setAt(null)}
      onBlur={() => setAt(null)}
    >
      <svg class="chart__svg" data-picture="" width={props.width} height={props.height} aria-hidden="true">
        <g transform={`translate(${props.leftPx} ${TOP_PX})`}>
          <Grid {...props} box={box()} />
          <For each={props.series}>{(one) => <Drawn series={one} box={box()} stepMs={props.stepMs} />}</For>
          <Show when={at() !== null && steps().length > 0}>
            <Cursor series={props.series} box={box()} atMs={shownMs()} />
          </Show>
        </g>
      </svg>
      <p class="chart__words" classList={{ 'chart__words--on': at() !== null }} aria-hidden="true">
        {words()}
      </p>
    </div>
  )
}

function Grid(props: TimeChartProps & { box: ChartBox }): JSX.Element {
  const x = (atMs: number): number =>
    ((atMs - props.fromMs) / Math.max(1, props.toMs - props.fromMs)) * props.box.width
  const top = (): ChartSeries | undefined => props.series[0]
  return (
    <>
      <path
        class="chart__grid"
        d={`M0 0H${props.box.width}M0 ${props.box.height / 2}H${props.box.width}M0 ${props.box.height}H${props.box.width}`}
      />
      <Show when={top()}>
        {(one) => (
          <text class="chart__text" x={-6} y={4} text-anchor="end">
            {one().words(one().max)}
          </text>
        )}
      </Show>
      <text class="chart__text" x={-6} y={props.box.height + 4} text-anchor="end">
        0
      </text>
      <For each={props.ticks}>
        {({ atMs, text }) => (
          <text
            class="chart__text"
            x={x(atMs)}
            y={props.box.height + 14}
            text-anchor={anchorOf(x(atMs), props.box)}
          >
            {text}
          </text>
        )}
      </For>
    </>
  )
}

function Drawn(props: { series: ChartSeries; box: ChartBox; stepMs: number }): JSX.Element {
  const paths = createMemo(() => seriesPaths(props.series, props.box))
  return (
    <g style={{ color: `var(${props.series.color})` }}>
      <Show
        when={props.series.kind !== 'bars'}
        fallback={<path class="chart__bars" d={barPath(props.series, props.box, props.stepMs)} />}
      >
        <Show when={props.series.kind === 'area'}>
          <path class="chart__area" d={paths().area} />
        </Show>
        <path
          class="chart__line"
          classList={{ 'chart__line--thin': props.series.kind === 'line' }}
          d={paths().line}
        />
      </Show>
    </g>
  )
}

function Cursor(props: { series: readonly ChartSeries[]; box: ChartBox; atMs: number }): JSX.Element {
  const x = (): number =>
    ((props.atMs - props.box.fromMs) / Math.max(1, props.box.toMs - props.box.fromMs)) * props.box.width
  return (
    <>
      <path class="chart__cursor" d={`M${x()} 0V${props.box.height}`} />
      <For each={props.series.filter(({ kind }) => kind !== 'bars')}>
        {(one) => {
          const value = (): number | null => one.points[closestPoint(one.points, props.atMs)]?.[1] ?? null
          return (
            <Show when={value() !== null}>
              <circle
                class="chart__dot"
                style={{ color: `var(${one.color})` }}
                cx={x()}
                cy={props.box.height * (1 - Math.min(1, (value() ?? 0) / one.max))}
                r={3}
              />
            </Show>
          )
        }}
      </For>
    </>
  )
}

const anchorOf = (x: number, { width }: ChartBox): 'start' | 'middle' | 'end' =>
  x < 16 ? 'start' : x > width - 16 ? 'end' : 'middle'

/** Returns `Memory 191 MB` of each series at that time. */
export const valuesAt = (series: readonly ChartSeries[], atMs: number): string[] =>
  series.map(({ name, points, words }) => {
    const value = points[closestPoint(points, atMs)]?.[1] ?? null
    return `${name} ${value === null ? 'not known' : words(value)}`
  })

function indexAfter(key: string, at: number, last: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - 10,
    PageUp: at + 10,
    Home: 0,
    End: last,
  }
  const to = steps[key]
  return to === undefined ? null : Math.max(0, Math.min(last, to))
}
