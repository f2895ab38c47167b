// The lanes as one SVG. The arrow keys choose a lane and a moment in it.
import { createMemo, createUniqueId, For, type JSX, Show } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { shortened } from '../../ui/shortened.ts'
import type { ChartTick } from '../../ui/time-chart.tsx'
import { MARK_SHAPES } from './mark-shapes.ts'
import type { Lane, Segment, TimeWindow } from './timeline-input.ts'
import { laneWords } from './timeline-words.ts'

export const LANE_PX = 26
const HEAD_PX = 20
/** A state's word stands in a segment that is at least this wide. */
const WORD_PX = 64

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
  const timePx = (): number => Math.max(1, props.width - props.leftPx - 8)
  const x = (atMs: number): number => {
    const { fromMs, toMs } = props.window
    return props.leftPx + ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * timePx()
  }
  const height = (): number => HEAD_PX + props.lanes.length * LANE_PX
  const spotOf = (event: MouseEvent & { currentTarget: Element }): Spot | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const lane = Math.floor((event.clientY - top - HEAD_PX) / LANE_PX)
    if (props.lanes[lane] === undefined) return null
    const share = Math.min(1, Math.max(0, (event.clientX - left - props.leftPx) / timePx()))
    const { fromMs, toMs } = props.window
    return { lane, atMs: fromMs + share * (toMs - fromMs) }
  }
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
      onClick={(event) => {
        const lane = props.lanes[spotOf(event)?.lane ?? -1]
        if (lane?.isListed && event.clientX - event.currentTarget.getBoundingClientRect().left < props.leftPx)
          props.onOpen(lane.id)
      }}
      on:wheel={{
        passive: false,
        handleEvent: (event: WheelEvent) => {
          const { left } = (event.currentTarget as Element).getBoundingClientRect()
          props.onWheel(event, (event.clientX - left - props.leftPx) / timePx())
        },
      }}
    >
      <svg class="lanes__svg" data-picture="" role="presentation" width={props.width} height={height()}>
        <For each={props.ticks}>
          {({ atMs, text }) => (
            <g aria-hidden="true">
              <path class="lanes__grid" d={`M${x(atMs)} ${HEAD_PX - 4}V${height()}`} />
              <text
                class="lanes__tick"
                x={x(atMs)}
                y={12}
                text-anchor={x(atMs) > props.width - 30 ? 'end' : 'start'}
              >
                {text}
              </text>
            </g>
          )}
        </For>
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
        <Show when={props.spot}>
          {(spot) => (
            <path class="lanes__cursor" aria-hidden="true" d={`M${x(spot().atMs)} ${HEAD_PX}V${height()}`} />
          )}
        </Show>
      </svg>
    </div>
  )
}

function LaneRow(props: {
  id: string
  lane: Lane
  top: number
  width: number
  leftPx: number
  x: (atMs: number) => number
  isCurrent: boolean
}): JSX.Element {
  const title = (): string => shortened(visibleLine(props.lane.title), props.leftPx - 20)
  const calls = createMemo(() =>
    props.lane.activeAtMs
      .map((atMs) => `M${Math.round(props.x(atMs))} ${props.top + 4}v${LANE_PX - 8}`)
      .join(''),
  )
  return (
    <g id={props.id} role="option" aria-selected={props.isCurrent} aria-label={laneWords(props.lane)}>
      <rect
        class="lanes__row"
        classList={{ 'lanes__row--current': props.isCurrent }}
        y={props.top}
        width={props.width}
        height={LANE_PX}
      />
      <text
        class="lanes__title"
        classList={{ 'lanes__title--listed': props.lane.isListed }}
        x={12}
        y={props.top + LANE_PX / 2 + 4}
      >
        {title()}
      </text>
      <For each={props.lane.segments}>
        {(segment) => <SegmentBar segment={segment} middle={props.top + LANE_PX / 2} x={props.x} />}
      </For>
      <path class="lanes__calls" d={calls()} />
      <For each={props.lane.marks}>
        {({ atMs, kind }) => (
          <path
            class={`lanes__mark lanes__mark--${MARK_SHAPES[kind].tone}`}
            classList={{ 'lanes__mark--filled': MARK_SHAPES[kind].isFilled }}
            d={MARK_SHAPES[kind].path}
            transform={`translate(${props.x(atMs)} ${props.top + LANE_PX / 2})`}
          />
        )}
      </For>
    </g>
  )
}

/** The height says the state as well: what needs attention is tall, what is at rest is flat. */
const BAR_PX: Readonly<Record<string, number>> = { red: 14, green: 12, yellow: 9, blue: 9, grey: 5 }

function SegmentBar(props: { segment: Segment; middle: number; x: (atMs: number) => number }): JSX.Element {
  const left = (): number => props.x(props.segment.fromMs)
  const width = (): number => Math.max(2, props.x(props.segment.toMs) - left())
  const height = (): number => BAR_PX[props.segment.colour] ?? 9
  const hasWord = (): boolean => width() >= WORD_PX && height() >= 12
  return (
    <>
      <rect
        class={`lanes__bar lanes__bar--${props.segment.colour}`}
        classList={{ 'lanes__bar--unseen': props.segment.state === null }}
        x={left()}
        y={props.middle - height() / 2}
        width={width()}
        height={height()}
        rx={2}
      />
      <Show when={hasWord()}>
        <text class="lanes__word" x={left() + 6} y={props.middle + 3.5}>
          {props.segment.state}
        </text>
      </Show>
    </>
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
