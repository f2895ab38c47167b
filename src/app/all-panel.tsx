// The panel of the All tab.
import { type Accessor, type JSX, Show, untrack } from 'solid-js'
import { HistoryPanel } from '../features/history/history-panel.tsx'
import { HubView } from '../features/hub/hub-view.tsx'
import { AllShell } from '../features/instances/all-shell.tsx'
import { EmptyView, NoMatch } from '../features/instances/empty-view.tsx'
import { InstanceList } from '../features/instances/instance-list.tsx'
import type { TableOptions } from '../features/instances/table-tools.tsx'
import { AllLogView } from '../features/logs/all-log-view.tsx'
import { AllStatsView } from '../features/stats/all-stats-view.tsx'
import { TimelineSkeleton } from '../features/timeline/timeline-skeleton.tsx'
import { usePage } from '../state/page-context.ts'
import type { PreferenceStore } from '../state/preferences.ts'
import type { RowSelection } from '../state/row-selection.ts'
import { LazyView } from '../ui/lazy-view.tsx'
import type { PageModel } from './create-page-model.ts'
import { HealthPart } from './health-parts.tsx'
import { timelinePart } from './lazy-views.ts'

export function AllPanel(props: { model: PageModel }): JSX.Element {
  const page = usePage()
  const { deck, view, preferences } = untrack(() => props.model)
  const history = (): JSX.Element => <HistoryPanel about={null} changes={view.historyKey()} />
  return (
    <Show
      when={deck.state.instances.length > 0}
      fallback={
        <EmptyView
          isScanned={deck.state.serenaHomes.length > 0}
          serenaHomes={deck.state.serenaHomes}
          helpers={deck.state.helperProcesses}
          nowMs={page.now()}
          history={history}
          health={() => <HealthPart store={props.model.health} />}
          isHealthOpen={preferences.current().allView === 'health'}
          onHealth={(isOpen) => preferences.change({ allView: isOpen ? 'health' : 'table' })}
          hub={() => (
            <Show when={deck.hub()}>
              <HubView instances={deck.state.instances} />
            </Show>
          )}
        />
      }
    >
      <Show
        when={view.matching().length > 0}
        fallback={<NoMatch search={view.search()} onClear={() => view.setSearch('')} />}
      >
        <Views model={props.model} history={history} />
      </Show>
    </Show>
  )
}

function Views(props: { model: PageModel; history: () => JSX.Element }): JSX.Element {
  const { deck, view, preferences } = untrack(() => props.model)
  return (
    <AllShell
      instances={view.matching()}
      view={preferences.current().allView}
      onView={(allView) => preferences.change({ allView })}
      options={optionsOf(preferences, view.selection)}
      panels={{
        table: (widthPx) => <Instances model={props.model} widthPx={widthPx} />,
        logs: () => <AllLogView instances={view.matching()} />,
        stats: () => <AllStatsView instances={view.matching()} />,
        timeline: () => (
          <LazyView
            of={timelinePart}
            with={{ instances: view.matching(), changes: view.historyKey() }}
            skeleton={
              <div class="views__loading">
                <TimelineSkeleton />
              </div>
            }
          />
        ),
        history: props.history,
        hub: () => <HubView instances={deck.state.instances} />,
        health: () => <HealthPart store={props.model.health} />,
      }}
    />
  )
}

function Instances(props: { model: PageModel; widthPx: Accessor<number> }): JSX.Element {
  const page = usePage()
  const { deck, view, preferences } = untrack(() => props.model)
  return (
    <InstanceList
      widthPx={props.widthPx}
      instances={view.matching()}
      sorting={preferences.current().sorting}
      onSort={(sorting) => preferences.change({ sorting })}
      grouping={preferences.current().grouping}
      hiddenColumns={preferences.current().hiddenColumns}
      selection={view.selection}
      onOpen={deck.select}
      helpers={deck.state.helperProcesses}
      nowMs={page.now()}
    />
  )
}

/** Returns getters, so that a change updates only the place where the value is shown. */
const optionsOf = (preferences: PreferenceStore, selection: RowSelection): TableOptions => ({
  selection,
  get sorting() {
    return preferences.current().sorting
  },
  onSort: (sorting) => preferences.change({ sorting }),
  get grouping() {
    return preferences.current().grouping
  },
  onGrouping: (grouping) => preferences.change({ grouping }),
  get hiddenColumns() {
    return preferences.current().hiddenColumns
  },
  onHide: (hiddenColumns) => preferences.change({ hiddenColumns }),
})
