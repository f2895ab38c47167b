// All instances in one table, sortable by every column, with totals.
import { For, Index, type JSX, Show } from 'solid-js'
import type { HelperProcess } from '#contract/helper-process'
import type { Sorting } from '../../state/deck-summary.ts'
import { createElementWidth } from '../../state/element-width.ts'
import type { RowSelection } from '../../state/row-selection.ts'
import { MANY, Pieces } from '../../ui/pieces.tsx'
import { createTableLayout, type TableInput, type TableLayout } from './create-table-layout.ts'
import { HelperList } from './helper-list.tsx'
import { SectionHead } from './section-head.tsx'
import { hasHead, type Section } from './sections.ts'
import { cellClass, TableHead } from './table-head.tsx'
import { TableRow } from './table-row.tsx'
import './instance-table.css'

const PIECE_ROWS = 5
const ROW_PX = 28

export interface TableProps extends TableInput {
  onSort: (sorting: Sorting) => void
  selection: RowSelection
  onOpen: (id: string) => void
  helpers: readonly HelperProcess[]
}

export function InstanceTable(props: TableProps): JSX.Element {
  let root!: HTMLElement
  const widthPx = createElementWidth(() => root)
  const layout = createTableLayout(props, widthPx, () => props.selection.isOn())
  const isMany = (): boolean => props.instances.length > MANY
  return (
    <div class="all" ref={(element) => (root = element)}>
      <table
        aria-rowcount={isMany() ? layout.rowIndex().count : undefined}
        class="all__table"
        classList={{ 'all__table--selecting': props.selection.isOn() }}
      >
        <TableHead
          columns={layout.columns()}
          sorting={props.sorting}
          onSort={props.onSort}
          selection={props.selection}
          count={props.instances.length}
        />
        <Index each={layout.sections()}>
          {(section) => (
            <SectionRows {...props} section={section()} layout={layout} isMany={isMany()} root={() => root} />
          )}
        </Index>
        <tfoot>
          <tr>
            <Show when={props.selection.isOn()}>
              <td class="all__check" />
            </Show>
            <For each={layout.columns()}>
              {(column) => <td class={cellClass(column)}>{column.sum?.(layout.summary())}</td>}
            </For>
          </tr>
        </tfoot>
      </table>
      <HelperList helpers={props.helpers} nowMs={props.nowMs} />
    </div>
  )
}

function SectionRows(
  props: TableProps & { section: Section; layout: TableLayout; isMany: boolean; root: () => HTMLElement },
): JSX.Element {
  const width = (): number => props.layout.columns().length + (props.selection.isOn() ? 1 : 0)
  const pick = (id: string): void => (props.selection.isOn() ? props.selection.toggle(id) : props.onOpen(id))
  return (
    <Pieces
      items={props.section.instances}
      isMany={props.isMany}
      size={PIECE_ROWS}
      estimatedPx={ROW_PX}
      as="tbody"
      root={props.root}
      placeholder={(px) => <Spacer px={px} columns={width()} />}
      head={
        hasHead(props.section)
          ? () => (
              <tr class="all__group">
                <th scope="rowgroup" colSpan={width()}>
                  <SectionHead section={props.section} onToggle={props.layout.toggle} />
                </th>
              </tr>
            )
          : undefined
      }
    >
      {(instance) => (
        <TableRow
          instance={instance()}
          largestBytes={props.layout.largestBytes()}
          fullPercent={props.layout.fullPercent()}
          nowMs={props.nowMs}
          onPick={pick}
          columns={props.layout.columns()}
          selection={props.selection}
          rowIndex={props.isMany ? props.layout.rowIndex().byId.get(instance().id) : undefined}
        />
      )}
    </Pieces>
  )
}

/** A row with the height of the rows that are not rendered. */
function Spacer(props: { px: number; columns: number }): JSX.Element {
  return (
    <tr aria-hidden="true">
      <td class="all__spacer" colSpan={props.columns} style={{ height: `${props.px}px` }} />
    </tr>
  )
}
