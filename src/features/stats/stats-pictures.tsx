// The statistics as pictures: the tools with their shares, and the calls of the last hour. Loaded when they are shown.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import { createElementWidth } from '../../state/element-width.ts'
import { usePage } from '../../state/page-context.ts'
import { makePictureCopies } from '../../state/picture-copies.ts'
import { csvOf } from '../../ui/csv.ts'
import { Picture } from '../../ui/picture.tsx'
import { pngOf } from '../../ui/picture-png.ts'
import { CallsChart } from './calls-chart.tsx'
import { StatsTable } from './stats-table.tsx'
import { barRows, type ToolOrder, toolBars, totalWords } from './tool-bars.ts'
import { ToolChart } from './tool-chart.tsx'
import './stats-pictures.css'

/** More are shown on request. */
const MOST_ROWS = 12
const ORDERS: readonly (readonly [ToolOrder, string])[] = [
  ['calls', 'Calls'],
  ['tokens', 'Tokens'],
]

export interface StatsPicturesProps {
  tools: ToolStats['tools']
  /** The instances that the statistics are of. */
  ids: readonly string[]
}

export function StatsPictures(props: StatsPicturesProps): JSX.Element {
  return (
    <div class="stats__pictures">
      <ToolPicture tools={props.tools} />
      <CallsChart ids={props.ids} />
    </div>
  )
}

function ToolPicture(props: { tools: ToolStats['tools'] }): JSX.Element {
  const page = usePage()
  let root!: HTMLElement
  const width = createElementWidth(() => root)
  const [order, setOrder] = createSignal<ToolOrder>('calls')
  const [showsAll, setShowsAll] = createSignal(false)
  const bars = createMemo(() => toolBars(props.tools, order()))
  const rows = (): number => (showsAll() ? bars().length : Math.min(MOST_ROWS, bars().length))
  return (
    <div class="stats__picture" ref={(element) => (root = element)}>
      <Picture
        title="Tools"
        summary={bars().length === 0 ? 'No tool calls yet.' : totalWords(props.tools)}
        rows={() => barRows(bars())}
        copies={makePictureCopies(page, { draw: pngOf, csv: csvOf })}
        table={<StatsTable tools={bars()} />}
        tools={<OrderButtons order={order()} onOrder={setOrder} />}
      >
        <Show when={bars().length > 0}>
          <ToolChart bars={bars()} rows={rows()} width={width()} />
          <Legend />
          <Show when={rows() < bars().length}>
            <button type="button" class="button" onClick={() => setShowsAll(true)}>
              Show {bars().length - rows()} more
            </button>
          </Show>
        </Show>
      </Picture>
    </div>
  )
}

function OrderButtons(props: { order: ToolOrder; onOrder: (order: ToolOrder) => void }): JSX.Element {
  return (
    <span class="stats__order" role="group" aria-label="Sort by">
      <For each={ORDERS}>
        {([order, name]) => (
          <button
            type="button"
            class="button button--small"
            aria-pressed={props.order === order}
            title={`The tool with the most ${order} first`}
            onClick={() => props.onOrder(order)}
          >
            {name}
          </button>
        )}
      </For>
    </span>
  )
}

function Legend(): JSX.Element {
  return (
    <p class="stats__legend muted">
      <span class="stats__key stats__key--calls" /> calls
      <span class="stats__key stats__key--in" /> tokens in
      <span class="stats__key stats__key--out" /> tokens out
    </p>
  )
}
