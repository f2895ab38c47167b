// Calls and tokens per tool as a table, with totals.
import { For, type JSX } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { groupedNumber } from '../../state/locale.ts'
import { percentWords, type ToolBar } from './tool-bars.ts'
import './stats-table.css'

export function StatsTable(props: { tools: readonly ToolBar[] }): JSX.Element {
  return (
    <table class="stats__table">
      <thead>
        <tr>
          <th scope="col">Tool</th>
          <th scope="col">Calls</th>
          <th scope="col">Share</th>
          <th scope="col">Tokens in</th>
          <th scope="col">Tokens out</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.tools}>{(tool) => <Row tool={tool} />}</For>
      </tbody>
      <Totals tools={props.tools} />
    </table>
  )
}

function Row(props: { tool: ToolBar }): JSX.Element {
  return (
    <tr>
      <th scope="row" class="mono">
        {visibleLine(props.tool.tool)}
      </th>
      <td>{groupedNumber(props.tool.calls)}</td>
      <td>{percentWords(props.tool.callShare)}</td>
      <td>{groupedNumber(props.tool.inputTokens)}</td>
      <td>{groupedNumber(props.tool.outputTokens)}</td>
      <td>{percentWords(props.tool.tokenShare)}</td>
    </tr>
  )
}

function Totals(props: { tools: readonly ToolBar[] }): JSX.Element {
  const sum = (pick: (tool: ToolBar) => number): string =>
    groupedNumber(props.tools.reduce((total, tool) => total + pick(tool), 0))
  return (
    <tfoot>
      <tr>
        <th scope="row">Total</th>
        <td>{sum(({ calls }) => calls)}</td>
        <td />
        <td>{sum(({ inputTokens }) => inputTokens)}</td>
        <td>{sum(({ outputTokens }) => outputTokens)}</td>
        <td />
      </tr>
    </tfoot>
  )
}
