// Calls and tokens per tool, with bars and totals.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import { visibleLine } from '#contract/visible-text'
import { groupedNumber } from '../../state/locale.ts'
import './stats-view.css'

type ToolRow = ToolStats['tools'][number]
const tokensOf = ({ inputTokens, outputTokens }: ToolRow): number => inputTokens + outputTokens

export function StatsTable(props: { tools: readonly ToolRow[]; estimator: string | null }): JSX.Element {
  const rows = createMemo(() => [...props.tools].sort((a, b) => b.calls - a.calls))
  const mostTokens = createMemo(() => Math.max(1, ...props.tools.map(tokensOf)))
  return (
    <Show when={rows().length > 0} fallback={<p class="muted">No tool calls yet.</p>}>
      <table class="stats__table">
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">Calls</th>
            <th scope="col">Tokens in</th>
            <th scope="col">Tokens out</th>
            <th scope="col" class="stats__chart">
              <span class="stats__in">in</span> and <span class="stats__out">out</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>{(row) => <Row row={row} mostTokens={mostTokens()} />}</For>
        </tbody>
        <Totals rows={rows()} />
      </table>
      <Show when={props.estimator}>
        {(estimator) => <p class="muted">Tokens are estimated with {visibleLine(estimator())}.</p>}
      </Show>
    </Show>
  )
}

function Row(props: { row: ToolRow; mostTokens: number }): JSX.Element {
  const percentOf = (tokens: number): number => (tokens / props.mostTokens) * 100
  return (
    <tr>
      <th scope="row" class="mono">
        {visibleLine(props.row.tool)}
      </th>
      <td>{groupedNumber(props.row.calls)}</td>
      <td>{groupedNumber(props.row.inputTokens)}</td>
      <td>{groupedNumber(props.row.outputTokens)}</td>
      <td class="stats__chart">
        <svg class="stats__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="stats__in" width={percentOf(props.row.inputTokens)} height="6" fill="currentColor" />
          <rect
            class="stats__out"
            x={percentOf(props.row.inputTokens)}
            width={percentOf(props.row.outputTokens)}
            height="6"
            fill="currentColor"
          />
        </svg>
      </td>
    </tr>
  )
}

function Totals(props: { rows: readonly ToolRow[] }): JSX.Element {
  const sum = (pick: (row: ToolRow) => number): string =>
    groupedNumber(props.rows.reduce((total, row) => total + pick(row), 0))
  return (
    <tfoot>
      <tr>
        <th scope="row">Total</th>
        <td>{sum(({ calls }) => calls)}</td>
        <td>{sum(({ inputTokens }) => inputTokens)}</td>
        <td>{sum(({ outputTokens }) => outputTokens)}</td>
        <td class="stats__chart" />
      </tr>
    </tfoot>
  )
}
