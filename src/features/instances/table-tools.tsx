// The tools above the instances: selection, unused instances, order, groups and columns.
import { ListChecks, SlidersHorizontal } from 'lucide'
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { GROUPINGS, type Grouping, type Sorting, type SortKey } from '../../state/deck-summary.ts'
import { usePage } from '../../state/page-context.ts'
import type { RowSelection } from '../../state/row-selection.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuCheck, MenuChoice, MenuGroup, MenuItem } from '../../ui/menu.tsx'
import { COLUMNS } from './columns.tsx'
import { TABLE_MIN_PX } from './instance-list.tsx'
import { unusedBySpan, unusedEnding } from './unused-ending.ts'

const GROUPING_NAMES: Readonly<Record<Grouping, string>> = {
  none: 'None',
  project: 'By project',
  client: 'By client',
  state: 'By state',
}
const SELECT_TITLE = 'Select several instances to end'
const HIDEABLE = COLUMNS.filter(({ key }) => key !== 'state' && key !== 'title')
/** Cards have no head that sorts them. */
const CARD_ORDER = COLUMNS.filter(({ key }) =>
  ['state', 'title', 'owner', 'memory', 'activity', 'age'].includes(key),
)

export interface TableOptions {
  selection: RowSelection
  sorting: Sorting
  onSort: (sorting: Sorting) => void
  grouping: Grouping
  onGrouping: (grouping: Grouping) => void
  hiddenColumns: readonly SortKey[]
  onHide: (columns: SortKey[]) => void
}

interface ToolsProps {
  instances: readonly Instance[]
  options: TableOptions
  widthPx: number
}

const isNarrow = ({ widthPx }: Pick<ToolsProps, 'widthPx'>): boolean => widthPx < TABLE_MIN_PX

export function TableTools(props: ToolsProps): JSX.Element {
  const page = usePage()
  const unused = createMemo(() => unusedBySpan(props.instances, page.now()))
  return (
    <div class="all-shell__tools">
      {/* In a narrow window the menu has it: the views need the space. */}
      <Show when={!isNarrow(props)}>
        <button
          type="button"
          class="button button--quiet"
          aria-pressed={props.options.selection.isOn()}
          title={SELECT_TITLE}
          onClick={() => props.options.selection.setOn(!props.options.selection.isOn())}
        >
          <Icon of={ListChecks} />
          Select
        </button>
      </Show>
      <Show when={!isNarrow(props) && unused().length > 0}>
        <Menu label="End unused instances" class="button button--quiet" trigger="Unused ▾">
          <UnusedItems unused={unused()} />
        </Menu>
      </Show>
      <ViewMenu {...props} unused={unused()} />
    </div>
  )
}

function UnusedItems(props: { unused: ReturnType<typeof unusedBySpan> }): JSX.Element {
  const page = usePage()
  return (
    <For each={props.unused}>
      {(one) => (
        <MenuItem onSelect={() => page.open(unusedEnding(one.unused))}>
          No MCP message for {one.words}: end {one.unused.length} …
        </MenuItem>
      )}
    </For>
  )
}

function ViewMenu(props: ToolsProps & { unused: ReturnType<typeof unusedBySpan> }): JSX.Element {
  return (
    <Menu
      label={isNarrow(props) ? 'Order and groups' : 'Columns and groups'}
      class="button button--quiet"
      trigger={
        <>
          <Icon of={SlidersHorizontal} />
          <Show when={!isNarrow(props)}>View</Show>
        </>
      }
    >
      <MenuChoice
        label="Group"
        value={props.options.grouping}
        choices={GROUPINGS.map((value) => ({ value, label: GROUPING_NAMES[value] }))}
        onChange={(grouping) => props.options.onGrouping(grouping)}
      />
      <Show when={isNarrow(props)} fallback={<ColumnChecks {...props} />}>
        <MenuCheck
          isChecked={props.options.selection.isOn()}
          onChange={(isOn) => props.options.selection.setOn(isOn)}
        >
          {SELECT_TITLE}
        </MenuCheck>
        <MenuChoice
          label="Order"
          value={props.options.sorting.key}
          choices={CARD_ORDER.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={(key) => props.options.onSort({ key, isDescending: isLargestFirst(key) })}
        />
        <Show when={props.unused.length > 0}>
          <MenuGroup label="End unused instances">
            <UnusedItems unused={props.unused} />
          </MenuGroup>
        </Show>
      </Show>
    </Menu>
  )
}

const isLargestFirst = (key: SortKey): boolean =>
  COLUMNS.find((column) => column.key === key)?.isNumber === true

function ColumnChecks(props: ToolsProps): JSX.Element {
  /** Columns that fit in the table; the checkboxes of all others would have no effect. */
  const offered = createMemo(() => HIDEABLE.filter(({ minPx }) => props.widthPx >= minPx))
  const label = (): string => {
    const missing = HIDEABLE.length - offered().length
    return missing === 0 ? 'Columns' : `Columns (${missing} more in a wider window)`
  }
  const toggle = (key: SortKey, isShown: boolean): void => {
    const others = props.options.hiddenColumns.filter((hidden) => hidden !== key)
    props.options.onHide(isShown ? others : [...others, key])
  }
  return (
    <MenuGroup label={label()}>
      <For each={offered()}>
        {({ key, name }) => (
          <MenuCheck
            isChecked={!props.options.hiddenColumns.includes(key)}
            onChange={(isShown) => toggle(key, isShown)}
          >
            {name}
          </MenuCheck>
        )}
      </For>
    </MenuGroup>
  )
}
