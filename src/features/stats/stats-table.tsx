// Calls and tokens per tool, with a bar each and the sums below.

import { createMemo, For, type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import { groupedNumber } from '../../state/locale.ts'
import { shown } from '../instance-words.ts'
import './stats-view.css'

type Row = ToolStats['tools'][number]
const tokensOf = ({ inputTokens, outputTokens }: Row): number => inputTokens + outputTokens

export function StatsTable(props: { tools: readonly Row[]; estimator: string | null }): JSX.Element {
  const rows = createMemo(() => [...props.tools].sort((a, b) => b.calls - a.calls))
  const most = createMemo(() => Math.max(1, ...props.tools.map(tokensOf)))
  const sum = (pick: (row: Row) => number): number => props.tools.reduce((total, row) => total + pick(row), 0)
  return (
    <Show when={rows().length > 0} fallback={<p class="muted">No tool was called since the start.</p>}>
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
          <For each={rows()}>
            {(row) => (
              <tr>
                <th scope="row" class="mono">
                  {shown(row.tool)}
                </th>
                <td>{groupedNumber(row.calls)}</td>
                <td>{groupedNumber(row.inputTokens)}</td>
                <td>{groupedNumber(row.outputTokens)}</td>
                <td class="stats__chart">
                  <svg class="stats__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect
                      class="stats__in"
                      width={(row.inputTokens / most()) * 100}
                      height="6"
                      fill="currentColor"
                    />
                    <rect
                      class="stats__out"
                      x={(row.inputTokens / most()) * 100}
                      width={(row.outputTokens / most()) * 100}
                      height="6"
                      fill="currentColor"
                    />
                  </svg>
                </td>
              </tr>
            )}
          </For>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <td>{groupedNumber(sum(({ calls }) => calls))}</td>
            <td>{groupedNumber(sum(({ inputTokens }) => inputTokens))}</td>
            <td>{groupedNumber(sum(({ outputTokens }) => outputTokens))}</td>
            <td class="stats__chart" />
          </tr>
        </tfoot>
      </table>
      <Show when={props.estimator}>
        {(estimator) => <p class="muted">Tokens are estimated by {shown(estimator())}.</p>}
      </Show>
    </Show>
  )
}
