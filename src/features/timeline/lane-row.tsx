// One lane: title, states, calls and marks.
import { createMemo, For, type JSX, Show } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { shortened } from '../../ui/shortened.ts'
import { MARK_SHAPES } from './mark-shapes.ts'
import type { Lane, Segment } from './timeline-input.ts'
import { laneWords } from './timeline-words.ts'

export const LANE_PX = 26
/** A state's word stands in a segment that is at least this wide. */
const WORD_PX = 64

export function LaneRow(props: {
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
      <For each={props.lane.segments}>
        {(segment) => <SegmentWord segment={segment} middle={props.top + LANE_PX / 2} x={props.x} />}
      </For>
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

interface SegmentProps {
  segment: Segment
  middle: number
  x: (atMs: number) => number
}

const heightOf = ({ colour }: Segment): number => BAR_PX[colour] ?? 9

function SegmentBar(props: SegmentProps): JSX.Element {
  const left = (): number => props.x(props.segment.fromMs)
  return (
    <rect
      class={`lanes__bar lanes__bar--${props.segment.colour}`}
      classList={{ 'lanes__bar--unseen': props.segment.state === null }}
      x={left()}
      y={props.middle - heightOf(props.segment) / 2}
      width={Math.max(2, props.x(props.segment.toMs) - left())}
      height={heightOf(props.segment)}
      rx={2}
    />
  )
}

/** Drawn after the calls, which would cross it. */
function SegmentWord(props: SegmentProps): JSX.Element {
  const left = (): number => props.x(props.segment.fromMs)
  const hasRoom = (): boolean =>
    props.x(props.segment.toMs) - left() >= WORD_PX && heightOf(props.segment) >= 12
  return (
    <Show when={hasRoom()}>
      <text class={`lanes__word lanes__word--${props.segment.colour}`} x={left() + 8} y={props.middle + 3.5}>
        {props.segment.state}
      </text>
    </Show>
  )
}
