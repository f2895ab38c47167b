// The tabs of the page, and the panel of the selected tab.
import { createMemo, type JSX, Show, untrack } from 'solid-js'
import { TabBar } from '../features/instances/tab-bar.tsx'
import { usePage } from '../state/page-context.ts'
import { ALL } from '../state/tab-selection.ts'
import { Splitter } from '../ui/splitter.tsx'
import { TabPanel, Tabs } from '../ui/tabs.tsx'
import { AllPanel } from './all-panel.tsx'
import type { PageModel } from './create-page-model.ts'
import { InstancePanel } from './instance-panel.tsx'

export function PageTabs(props: { model: PageModel }): JSX.Element {
  const page = usePage()
  const { deck, view, preferences } = untrack(() => props.model)
  const isSide = (): boolean => props.model.hasSideList() === true
  const sidePx = (): number => preferences.current().sideListPx
  const openedId = createMemo(() => view.opened()?.id)
  return (
    <Tabs
      class={isSide() ? 'app__body app__body--side' : 'app__body'}
      style={{ '--side-px': `${sidePx()}px` }}
      value={deck.selected()}
      onChange={deck.select}
      isMain
      orientation={isSide() ? 'vertical' : 'horizontal'}
    >
      <TabBar
        instances={view.tabs()}
        selected={deck.selected()}
        onSelect={deck.select}
        nowMs={page.now()}
        isNew={(id) => deck.isNew(id, page.now())}
        isSide={isSide()}
        moves={untrack(() => props.model.tabMoves)}
      />
      <Show when={isSide()}>
        <Splitter
          label="Width of the tab list"
          px={sidePx()}
          minPx={280}
          maxPx={400}
          onChange={(sideListPx) => preferences.change({ sideListPx })}
        />
      </Show>
      <TabPanel value={ALL} class="app__panel">
        <AllPanel model={props.model} />
      </TabPanel>
      {/* One panel, for the open instance only: a panel for each instance would use more memory. */}
      <Show when={openedId()} keyed>
        {(id) => (
          <TabPanel value={id} class="app__panel">
            <Show when={deck.instance(id)}>
              {(instance) => (
                <InstancePanel
                  instance={instance()}
                  preferences={props.model.preferences}
                  health={props.model.health}
                />
              )}
            </Show>
          </TabPanel>
        )}
      </Show>
    </Tabs>
  )
}
