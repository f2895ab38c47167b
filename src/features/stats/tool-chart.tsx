// The bars of the tools as one SVG: calls, tokens in and out, and above them the share of each tool.
import { createMemo, For, type JSX } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { compactNumber, groupedNumber } from '../../state/locale.ts'
import { shortened } from '../../ui/shortened.ts'
import { type ChartColumns, columnsOf } from './chart-columns.ts'
import { barWords, percentWords, type ToolBar } from './tool-bars.ts'

/** The shares have as many tones; all further tools have the last one. */
const TONES = 6
const SHARE_PX = 12
const SHARE_ROW_PX = 22
const TOP_PX = 6
const HEAD_PX = TOP_PX + 2 * SHARE_ROW_PX + 8
const BAR_PX = 8
const MONO_PX = 7.3

const toneOf = (at: number): string => `tool-chart__share--${Math.min(at, TONES - 1)}`

export function ToolChart(props: {
  bars: readonly ToolBar[]
  /** How many of them have a row of their own. */
  rows: number
  /** CSS pixels. */
  width: number
}): JSX.Element {
  const columns = createMemo(() => columnsOf(props.width))
  const shown = (): readonly ToolBar[] => props.bars.slice(0, props.rows)
  const height = (): number => HEAD_PX + shown().length * columns().rowPx
  const mostCalls = createMemo(() => Math.max(1, ...props.bars.map(({ calls }) => calls)))
  const mostTokens = createMemo(() =>
    Math.max(1, ...props.bars.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens)),
  )
  return (
    <svg class="tool-chart" data-picture="" role="list" width={props.width} height={height()}>
      <Shares
        name="Calls"
        bars={props.bars}
        of={({ callShare }) => callShare}
        y={TOP_PX}
        columns={columns()}
      />
      <Shares
        name="Tokens"
        bars={props.bars}
        of={({ tokenShare }) => tokenShare}
        y={TOP_PX + SHARE_ROW_PX}
        columns={columns()}
      />
      <For each={shown()}>
        {(bar, at) => (
          <ToolRow
            bar={bar}
            tone={toneOf(at())}
            y={HEAD_PX + at() * columns().rowPx}
            columns={columns()}
            mostCalls={mostCalls()}
            mostTokens={mostTokens()}
          />
        )}
      </For>
    </svg>
  )
}

/** One bar that is divided between the tools. */
function Shares(props: {
  name: string
  bars: readonly ToolBar[]
  of: (bar: ToolBar) => number
  y: number
  columns: ChartColumns
}): JSX.Element {
  const width = (): number => props.columns.width - props.columns.shareLeft
  const parts = createMemo(() => {
    let left = props.columns.shareLeft
    return props.bars.map((bar) => {
      const part = { bar, left, width: props.of(bar) * width() }
      left += part.width
      return part
    })
  })
  return (
    <g aria-hidden="true">
      <text class="tool-chart__muted" x={0} y={props.y + 11}>
        {props.columns.isNarrow ? props.name : `Share of ${props.name.toLowerCase()}`}
      </text>
      <For each={parts()}>
        {(part, at) => (
          <rect
            class={`tool-chart__share ${toneOf(at())}`}
            x={part.left}
            y={props.y}
            // A gap of one pixel between the parts.
            width={Math.max(0, part.width - 1)}
            height={SHARE_PX}
          >
            <title>{`${visibleLine(part.bar.tool)}: ${percentWords(props.of(part.bar))}`}</title>
          </rect>
        )}
      </For>
    </g>
  )
}

function ToolRow(props: {
  bar: ToolBar
  tone: string
  y: number
  columns: ChartColumns
  mostCalls: number
  mostTokens: number
}): JSX.Element {
  const tool = (): string => visibleLine(props.bar.tool)
  const tokenPx = (tokens: number): number => (tokens / props.mostTokens) * props.columns.tokens.width
  const textY = (): number => props.y + props.columns.textY
  const barY = (): number => props.y + props.columns.barY
  const inPx = (): number => tokenPx(props.bar.inputTokens)
  return (
    <g role="listitem" aria-label={`${tool()}: ${barWords(props.bar)}`}>
      <title>{`${tool()}: ${barWords(props.bar)}`}</title>
      <rect class="tool-chart__row" y={props.y} width={props.columns.width} height={props.columns.rowPx} />
      <ToolName tool={tool()} tone={props.tone} y={textY()} px={props.columns.namePx} />
      <rect
        class="tool-chart__calls"
        x={props.columns.calls.left}
        y={barY()}
        width={Math.max(2, (props.bar.calls / props.mostCalls) * props.columns.calls.width)}
        height={BAR_PX}
        rx={2}
      />
      <text class="tool-chart__number" x={props.columns.calls.numberX} y={textY()} text-anchor="end">
        {groupedNumber(props.bar.calls)}
        <tspan class="tool-chart__muted"> · {percentWords(props.bar.callShare)}</tspan>
      </text>
      <rect
        class="tool-chart__in"
        x={props.columns.tokens.left}
        y={barY() + props.columns.tokens.down}
        width={inPx()}
        height={BAR_PX}
      />
      <rect
        class="tool-chart__out"
        x={props.columns.tokens.left + inPx()}
        y={barY() + props.columns.tokens.down}
        width={Math.max(1, tokenPx(props.bar.outputTokens))}
        height={BAR_PX}
      />
      <text class="tool-chart__muted" x={props.columns.tokens.numberX} y={textY()} text-anchor="end">
        {compactNumber(props.bar.inputTokens)} in · {compactNumber(props.bar.outputTokens)} out
      </text>
    </g>
  )
}

/** The name, behind the tone that it has in the shares. */
function ToolName(props: { tool: string; tone: string; y: number; px: number }): JSX.Element {
  return (
    <>
      <rect
        class={`tool-chart__share ${props.tone}`}
        x={0}
        y={props.y - 9}
        width={10}
        height={10}
        rx={2}
        aria-hidden="true"
      />
      <text class="tool-chart__tool" x={16} y={props.y}>
        {shortened(props.tool, props.px - 20, MONO_PX)}
      </text>
    </>
  )
}
