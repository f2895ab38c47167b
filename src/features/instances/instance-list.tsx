// All instances: cards in a narrow window, a table in a wider one. Never both.
import { type Accessor, type JSX, Show } from 'solid-js'
import { InstanceCards } from './instance-cards.tsx'
import { InstanceTable, type TableProps } from './instance-table.tsx'

/** A narrower list shows cards. */
export const TABLE_MIN_PX = 680

export function InstanceList(props: TableProps & { widthPx: Accessor<number> }): JSX.Element {
  return (
    <Show when={props.widthPx() >= TABLE_MIN_PX} fallback={<InstanceCards {...props} />}>
      <InstanceTable {...props} />
    </Show>
  )
}
