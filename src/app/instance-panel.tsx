// The panel of one instance.
import { type JSX, Show, untrack } from 'solid-js'
import type { HealthCount } from '#contract/health'
import type { Instance } from '#contract/instance'
import { InstanceView } from '../features/dashboard/instance-view.tsx'
import type { Folding } from '../features/dashboard/overview-section.tsx'
import { OverviewView } from '../features/dashboard/overview-view.tsx'
import { HistoryPanel } from '../features/history/history-panel.tsx'
import { ClientSection } from '../features/hub/client-section.tsx'
import { LogView } from '../features/logs/log-view.tsx'
import { MemoryList } from '../features/memories/memory-list.tsx'
import { StatsView } from '../features/stats/stats-view.tsx'
import type { HealthStore } from '../state/health-store.ts'
import type { PreferenceStore } from '../state/preferences.ts'
import { InstanceFindingsPart } from './health-parts.tsx'

export function InstancePanel(props: {
  instance: Instance
  preferences: PreferenceStore
  health: HealthStore
}): JSX.Element {
  const folding = foldingOf(untrack(() => props.preferences))
  const history = (): JSX.Element => (
    <HistoryPanel about={props.instance.id} changes={props.instance.colour} />
  )
  const clients = (): JSX.Element => (
    <>
      <Show when={hasFindings(props.health.count())}>
        <InstanceFindingsPart
          instance={props.instance}
          store={props.health}
          isOpen={folding.isOpen('Health')}
          onToggle={(isOpen) => folding.setOpen('Health', isOpen)}
        />
      </Show>
      <ClientSection
        instance={props.instance}
        isOpen={folding.isOpen('Clients')}
        onToggle={(isOpen) => folding.setOpen('Clients', isOpen)}
      />
    </>
  )
  const overview = (): JSX.Element => (
    <OverviewView
      instance={props.instance}
      folding={folding}
      parts={{
        history,
        memories: (facts) => (
          <MemoryList
            instance={props.instance}
            names={facts().memories}
            hasProject={facts().project !== null}
          />
        ),
      }}
    />
  )
  return (
    <InstanceView
      instance={props.instance}
      view={props.preferences.current().view}
      onView={(view) => props.preferences.change({ view })}
      panels={{
        overview,
        logs: () => <LogView instance={props.instance} />,
        stats: () => <StatsView instance={props.instance} />,
      }}
      history={history}
      clients={clients}
    />
  )
}

/** Which sections are open, for all instances alike. */
const foldingOf = ({ current, change }: PreferenceStore): Folding => ({
  isOpen: (name) => !current().closedSections.includes(name),
  setOpen(name, isOpen) {
    const others = current().closedSections.filter((closed) => closed !== name)
    change({ closedSections: isOpen ? others : [...others, name] })
  },
})

/** Nothing more is loaded while the doctor has found nothing. */
const hasFindings = (count: HealthCount | null): boolean =>
  count !== null && count.errors + count.warnings + count.infos > 0
