// The head of the table: sortable column titles and the checkbox for all rows.
import { createEffect, For, type JSX, Show } from 'solid-js'
import type { Sorting, SortKey } from '../../state/deck-summary.ts'
import type { RowSelection } from '../../state/row-selection.ts'
import type { Column } from './columns.tsx'

export const cellClass = ({ key, isNumber = false }: Column): string =>
  isNumber ? `all__${key} all__number` : `all__${key}`

export function TableHead(props: {
  columns: readonly Column[]
  sorting: Sorting
  onSort: (sorting: Sorting) => void
  selection: RowSelection
  /** Number of rows. */
  count: number
}): JSX.Element {
  const sortBy = ({ key, isNumber = false }: Column): void =>
    props.onSort({
      key,
      isDescending: props.sorting.key === key ? !props.sorting.isDescending : isNumber,
    })
  const direction = (key: SortKey): 'ascending' | 'descending' | undefined => {
    if (props.sorting.key !== key) return undefined
    return props.sorting.isDescending ? 'descending' : 'ascending'
  }
  return (
    <thead>
      <tr>
        <Show when={props.selection.isOn()}>
          <th scope="col" class="all__check">
            <AllCheckbox selection={props.selection} count={props.count} />
          </th>
        </Show>
        <For each={props.columns}>
          {(column) => (
            <th scope="col" class={cellClass(column)} aria-sort={direction(column.key)}>
              <button type="button" onClick={() => sortBy(column)}>
                {column.name}
                <span class="all__arrow" aria-hidden="true">
                  {direction(column.key) === undefined ? '' : props.sorting.isDescending ? '↓' : '↑'}
                </span>
              </button>
            </th>
          )}
        </For>
      </tr>
    </thead>
  )
}

function AllCheckbox(props: { selection: RowSelection; count: number }): JSX.Element {
  let box!: HTMLInputElement
  const isAll = (): boolean => props.selection.selected().length === props.count
  createEffect(() => {
    box.indeterminate = !isAll() && props.selection.selected().length > 0
  })
  return (
    <label class="all__box">
      <input
        ref={box}
        type="checkbox"
        aria-label="Select all rows"
        checked={isAll()}
        onChange={(event) => props.selection.setAll(event.currentTarget.checked)}
      />
    </label>
  )
}
