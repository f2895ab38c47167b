// One instance in the table.
import { For, type JSX, Show } from 'solid-js'
import type { RowSelection } from '../../state/row-selection.ts'
import type { RowProps } from './cells.tsx'
import type { Column } from './columns.tsx'
import { RowCheckbox } from './row-checkbox.tsx'
import { cellClass } from './table-head.tsx'

export function TableRow(
  props: RowProps & {
    columns: readonly Column[]
    selection: RowSelection
    /** `aria-rowindex`; undefined: all rows are rendered. */
    rowIndex: number | undefined
  },
): JSX.Element {
  return (
    <tr
      class={`all__row all__row--${props.instance.colour} tint--${props.instance.colour}`}
      classList={{ 'all__row--selected': props.selection.has(props.instance.id) }}
      aria-rowindex={props.rowIndex}
      data-instance={props.instance.id}
      onClick={() => props.onPick(props.instance.id)}
    >
      <Show when={props.selection.isOn()}>
        <td class="all__check">
          <RowCheckbox instance={props.instance} selection={props.selection} />
        </td>
      </Show>
      <For each={props.columns}>{(column) => <td class={cellClass(column)}>{column.cell(props)}</td>}</For>
    </tr>
  )
}
