// The lanes as one SVG. The arrow keys choose a lane and a moment in it.
import { createUniqueId, For, type JSX, Show } from 'solid-js'
import type { ChartTick } from '../../ui/time-chart.tsx'
import { LANE_PX, LaneRow } from './lane-row.tsx'
import type { Lane, TimeWindow } from './timeline-input.ts'

const HEAD_PX = 20

/** What pointer or keys are on. */
export interface Spot {
  lane: number
  atMs: number
}

export interface LaneChartProps {
  lanes: readonly Lane[]
  window: TimeWindow
  ticks: readonly ChartTick[]
  /** CSS pixels. */
  width: number
  leftPx: number
  spot: Spot | null
  onSpot: (spot: Spot | null) => void
  onOpen: (id: string) => void
  /** A key that the lanes do not use. */
  onKey: (event: KeyboardEvent) => void
  /** `share`: the place of the pointer, 0 the left edge of the time, 1 the right one. */
  onWheel: (event: WheelEvent, share: number) => void
  /** Returns the moments of a lane, for the arrow keys. */
  moments: (lane: Lane) => readonly { atMs: number }[]
}

export function LaneChart(props: LaneChartProps): JSX.Element {
  const id = createUniqueId()
  const { timePx, x, height, spotOf } = makeGeometry(props)
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = spotAfter(event.key, props.spot, props.lanes, props.moments)
    if (event.key === 'Enter') {
      const lane = props.lanes[props.spot?.lane ?? -1]
      if (lane?.isListed) props.onOpen(lane.id)
    } else if (next && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault()
      props.onSpot(next)
    } else props.onKey(event)
  }
  const onClick = (event: MouseEvent & { currentTarget: Element }): void => {
    const lane = props.lanes[spotOf(event)?.lane ?? -1]
    if (lane?.isListed && event.clientX - event.currentTarget.getBoundingClientRect().left < props.leftPx)
      props.onOpen(lane.id)
  }
  const onWheel = (event: WheelEvent): void => {
    const { left } = (event.currentTarget as Element).getBoundingClientRect()
    props.onWheel(event, (event.clientX - left - props.leftPx) / timePx())
  }
  return (
    <div
      class="lanes"
      role="listbox"
      tabIndex={0}
      aria-label="Instances over time"
      aria-activedescendant={props.spot ? `${id}-${props.spot.lane}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => props.spot ?? props.onSpot({ lane: 0, atMs: props.window.toMs })}
      onBlur={() => props.onSpot(null)}
      onPointerMove={(event) => props.onSpot(spotOf(event))}
      onPointerLeave={() => props.onSpot(null)}
      onClick={onClick}
      on:wheel={{ passive: false, handleEvent: onWheel }}
    >
      <svg class="lanes__svg" data-picture="" role="presentation" width={props.width} height={height()}>
        <Ticks ticks={props.ticks} x={x} width={props.width} height={height()} />
        <For each={props.lanes}>
          {(lane, at) => (
            <LaneRow
              id={`${id}-${at()}`}
              lane={lane}
              top={HEAD_PX + at() * LANE_PX}
              width={props.width}
              leftPx={props.leftPx}
              x={x}
              isCurrent={props.spot?.lane === at()}
            />
          )}
        </For>
        <Show when={props.spot}>{(spot) => <Cursor x={x(spot().atMs)} height={height()} />}</Show>
      </svg>
    </div>
  )
}

/** Returns functions from times and lanes to places, and back. They read the props when they are called. */
function makeGeometry(props: LaneChartProps) {
  const timePx = (): number => Math.max(1, props.width - props.leftPx - 8)
  return {
    timePx,
    x(atMs: number): number {
      const { fromMs, toMs } = props.window
      return props.leftPx + ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * timePx()
    },
    height: (): number => HEAD_PX + props.lanes.length * LANE_PX,
    spotOf(event: MouseEvent & { currentTarget: Element }): Spot | null {
      const { left, top } = event.currentTarget.getBoundingClientRect()
      const lane = Math.floor((event.clientY - top - HEAD_PX) / LANE_PX)
      if (props.lanes[lane] === undefined) return null
      const share = Math.min(1, Math.max(0, (event.clientX - left - props.leftPx) / timePx()))
      const { fromMs, toMs } = props.window
      return { lane, atMs: fromMs + share * (toMs - fromMs) }
    },
  }
}

function Cursor(props: { x: number; height: number }): JSX.Element {
  return <path class="lanes__cursor" aria-hidden="true" d={`M${props.x} ${HEAD_PX}V${props.height}`} />
}

function Ticks(props: {
  ticks: readonly ChartTick[]
  x: (atMs: number) => number
  width: number
  height: number
}): JSX.Element {
  return (
    <For each={props.ticks}>
      {({ atMs, text }) => (
        <g aria-hidden="true">
          <path class="lanes__grid" d={`M${props.x(atMs)} ${HEAD_PX - 4}V${props.height}`} />
          <text
            class="lanes__tick"
            x={props.x(atMs)}
            y={12}
            text-anchor={props.x(atMs) > props.width - 30 ? 'end' : 'start'}
          >
            {text}
          </text>
        </g>
      )}
    </For>
  )
}

/** Null: the key does not move. */
function spotAfter(
  key: string,
  spot: Spot | null,
  lanes: readonly Lane[],
  moments: LaneChartProps['moments'],
): Spot | null {
  const now = spot ?? { lane: 0, atMs: Number.POSITIVE_INFINITY }
  const toLane = (lane: number): Spot => ({ ...now, lane: Math.max(0, Math.min(lanes.length - 1, lane)) })
  const lane = lanes[now.lane]
  if (!lane) return null
  const times = moments(lane).map(({ atMs }) => atMs)
  switch (key) {
    case 'ArrowUp':
      return toLane(now.lane - 1)
    case 'ArrowDown':
      return toLane(now.lane + 1)
    case 'Home':
      return toLane(0)
    case 'End':
      return toLane(lanes.length - 1)
    case 'ArrowLeft':
      return { ...now, atMs: times.findLast((one) => one < now.atMs) ?? times[0] ?? now.atMs }
    case 'ArrowRight':
      return { ...now, atMs: times.find((one) => one > now.atMs) ?? times.at(-1) ?? now.atMs }
    default:
      return null
  }
}
