// The All tab: its views and the tools of the table.
import { type Accessor, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { ALL_VIEWS, type AllViewName } from '#contract/views'
import { createElementWidth } from '../../state/element-width.ts'
import { Tab, TabList, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { type TableOptions, TableTools } from './table-tools.tsx'
import './all-shell.css'

const VIEW_NAMES: Readonly<Record<AllViewName, string>> = {
  table: 'Instances',
  logs: 'Logs',
  stats: 'Stats',
  timeline: 'Timeline',
  history: 'History',
  hub: 'Hub',
  health: 'Health',
}

export function AllShell(props: {
  /** The instances that match the search. */
  instances: readonly Instance[]
  view: AllViewName
  onView: (view: AllViewName) => void
  options: TableOptions
  /** `widthPx`: the width of the panel. */
  panels: Readonly<Record<AllViewName, (widthPx: Accessor<number>) => JSX.Element>>
}): JSX.Element {
  let head!: HTMLElement
  const widthPx = createElementWidth(() => head)
  return (
    <Tabs class="all-shell" value={props.view} onChange={(view) => props.onView(view as AllViewName)}>
      <div class="all-shell__head" ref={(element) => (head = element)}>
        <TabList label="Views of all instances" class="views__list" values={ALL_VIEWS}>
          <For each={ALL_VIEWS}>
            {(view) => (
              <Tab value={view} class="views__tab">
                {VIEW_NAMES[view]}
              </Tab>
            )}
          </For>
        </TabList>
        <Show when={props.view === 'table'}>
          <TableTools instances={props.instances} options={props.options} widthPx={widthPx()} />
        </Show>
      </div>
      <Show when={props.view === 'table' && props.options.selection.isOn()}>
        <SelectionBar selection={props.options.selection} />
      </Show>
      <For each={ALL_VIEWS}>
        {(view) => (
          <TabPanel value={view} class="views__panel" isTabStop={view === 'stats'}>
            {props.panels[view](widthPx)}
          </TabPanel>
        )}
      </For>
    </Tabs>
  )
}
