// The tab All: a table, one merged log, and the sums of the statistics.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import type { Choice } from '../../state/choice.ts'
import { GROUPINGS, type Grouping, type SortKey } from '../../state/deck-summary.ts'
import { createElementWidth } from '../../state/element-width.ts'
import { ALL_VIEWS, type AllViewName } from '../../state/preferences.ts'
import { Menu, MenuCheck, MenuChoice, MenuGroup, MenuItem } from '../../ui/menu.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { usePage } from '../page-context.ts'
import { ChoiceBar } from './choice-bar.tsx'
import { COLUMNS } from './columns.tsx'
import { unusedBySpan, unusedEnding } from './unused-ending.ts'
import './all-shell.css'

const VIEW_WORDS: Readonly<Record<AllViewName, string>> = {
  table: 'Table',
  logs: 'Logs',
  stats: 'Stats',
  history: 'History',
}
const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  none: 'Not at all',
  project: 'By project',
  client: 'By client',
  state: 'By state',
}
const HIDEABLE = COLUMNS.filter(({ key }) => key !== 'state' && key !== 'title')

export function AllShell(props: {
  /** Those that fit the search. */
  instances: readonly Instance[]
  view: AllViewName
  onView: (view: AllViewName) => void
  grouping: Grouping
  onGrouping: (grouping: Grouping) => void
  hiddenColumns: readonly SortKey[]
  onHide: (columns: SortKey[]) => void
  choice: Choice
  panels: Readonly<Record<AllViewName, () => JSX.Element>>
}): JSX.Element {
  const page = usePage()
  const unused = createMemo(() => unusedBySpan(props.instances, page.now()))
  const toggle = (key: SortKey, isShown: boolean): void => {
    const others = props.hiddenColumns.filter((hidden) => hidden !== key)
    props.onHide(isShown ? others : [...others, key])
  }
  let head!: HTMLElement
  const widthPx = createElementWidth(() => head)
  /** Those that have room: a tick beside one that is not drawn would be no choice. */
  const offered = createMemo(() => HIDEABLE.filter(({ leastPx }) => widthPx() >= leastPx))
  const columnsLabel = (): string => {
    const missing = HIDEABLE.length - offered().length
    return missing === 0 ? 'Columns' : `Columns (${missing} more in a wider window)`
  }
  return (
    <Tabs class="all-shell" value={props.view} onChange={(view) => props.onView(view as AllViewName)}>
      <div class="all-shell__head" ref={(element) => (head = element)}>
        <TabList label="Views of all instances" class="views__list" values={ALL_VIEWS}>
          <For each={ALL_VIEWS}>
            {(view) => (
              <Tab value={view} class="views__tab">
                {VIEW_WORDS[view]}
              </Tab>
            )}
          </For>
        </TabList>
        <Show when={props.view === 'table'}>
          <div class="all-shell__tools">
            <button
              type="button"
              class="button button--quiet"
              aria-pressed={props.choice.isOn()}
              title="Choose several, to end them"
              onClick={() => props.choice.setOn(!props.choice.isOn())}
            >
              Select
            </button>
            <Show when={unused().length > 0}>
              <Menu label="End unused instances" class="button button--quiet" trigger="Unused ▾">
                <For each={unused()}>
                  {(one) => (
                    <MenuItem onSelect={() => page.open(unusedEnding(one.unused))}>
                      No MCP message for {one.words}: end {one.unused.length} …
                    </MenuItem>
                  )}
                </For>
              </Menu>
            </Show>
            <Menu label="Columns and groups" class="button button--quiet" trigger="View ▾">
              <MenuChoice
                label="Group"
                value={props.grouping}
                choices={GROUPINGS.map((value) => ({ value, label: GROUPING_WORDS[value] }))}
                onChange={(grouping) => props.onGrouping(grouping)}
              />
              <MenuGroup label={columnsLabel()}>
                <For each={offered()}>
                  {({ key, name }) => (
                    <MenuCheck
                      isChecked={!props.hiddenColumns.includes(key)}
                      onChange={(isShown) => toggle(key, isShown)}
                    >
                      {name}
                    </MenuCheck>
                  )}
                </For>
              </MenuGroup>
            </Menu>
          </div>
        </Show>
      </div>
      <Show when={props.view === 'table' && props.choice.isOn()}>
        <ChoiceBar choice={props.choice} />
      </Show>
      <For each={ALL_VIEWS}>
        {(view) => (
          <TabPanel value={view} class="views__panel" isTabStop={view === 'stats'}>
            {props.panels[view]()}
          </TabPanel>
        )}
      </For>
    </Tabs>
  )
}
