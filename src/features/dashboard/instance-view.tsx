// One instance: its verdict, then its views.
import { For, type JSX, Show } from 'solid-js'
import { dashboardUrl } from '#contract/dashboard-address'
import type { Instance } from '#contract/instance'
import { VIEWS, type View } from '#contract/views'
import { visibleLine } from '#contract/visible-text'
import { Tab, TabList, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { FlagNotes } from './flag-notes.tsx'
import { InstanceFacts } from './instance-facts.tsx'
import { NoDashboardView } from './no-dashboard-view.tsx'
import { Verdict } from './verdict.tsx'
import './instance-view.css'

const VIEW_NAMES: Readonly<Record<View, string>> = { overview: 'Overview', logs: 'Logs', stats: 'Stats' }

/** Returns true if the port is the dashboard's. The port of a dead instance is stale; `no-dashboard` rejects requests of this machine. */
const hasDashboard = ({ port, pid, state }: Instance): boolean =>
  port !== null && pid !== null && state !== 'dead' && state !== 'no-dashboard'

interface InstanceViewProps {
  instance: Instance
  view: View
  onView: (view: View) => void
  panels: Readonly<Record<View, () => JSX.Element>>
  history: () => JSX.Element
  /** Its clients, if the hub runs it. */
  clients: () => JSX.Element
}

export function InstanceView(props: InstanceViewProps): JSX.Element {
  /** Null: there is no dashboard. */
  const url = (): string | null => (hasDashboard(props.instance) ? dashboardUrl(props.instance) : null)
  const facts = (): JSX.Element => (
    <div class="about">
      <FlagNotes instance={props.instance} />
      <InstanceFacts instance={props.instance} dashboardUrl={url()} />
      {props.clients()}
    </div>
  )
  return (
    <article class="instance" aria-label={visibleLine(props.instance.title)}>
      <Verdict instance={props.instance} dashboardUrl={url()} />
      <Show
        when={hasDashboard(props.instance)}
        fallback={<NoDashboardView instance={props.instance} facts={facts} history={props.history} />}
      >
        <Views {...props} facts={facts} />
      </Show>
    </article>
  )
}

function Views(props: InstanceViewProps & { facts: () => JSX.Element }): JSX.Element {
  return (
    <Tabs class="views" value={props.view} onChange={(view) => props.onView(view as View)}>
      <TabList label={`Views of ${visibleLine(props.instance.title)}`} class="views__list" values={VIEWS}>
        <For each={VIEWS}>
          {(view) => (
            <Tab value={view} class="views__tab">
              {VIEW_NAMES[view]}
              <Show when={view === 'overview' && props.instance.flagNotes?.length}>
                {(count) => (
                  <span class="views__count" aria-hidden="true" title={flagsWithNotes(props.instance)}>
                    {count()}
                  </span>
                )}
              </Show>
            </Tab>
          )}
        </For>
      </TabList>
      <For each={VIEWS}>
        {(view) => (
          <TabPanel value={view} class="views__panel">
            <Show when={view === 'overview'}>{props.facts()}</Show>
            {props.panels[view]()}
          </TabPanel>
        )}
      </For>
    </Tabs>
  )
}

const flagsWithNotes = ({ flagNotes = [] }: Instance): string => flagNotes.map(({ flag }) => flag).join(', ')
