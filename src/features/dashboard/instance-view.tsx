// One instance: what is certain about it and why, then its views.
import { For, type JSX, Show } from 'solid-js'
import { dashboardUrl } from '#contract/dashboard-address'
import { evidenceOfState, type Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { exactTime } from '../../state/locale.ts'
import { VIEWS, type View } from '../../state/preferences.ts'
import { Mark } from '../../ui/mark.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { CopyText } from '../copy-text.tsx'
import { HistoryPanel } from '../history/history-panel.tsx'
import {
  age,
  ago,
  endingTitle,
  flagTitle,
  ownerLine,
  plainFlags,
  SHAPES,
  shortPath,
  shown,
} from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { FlagNotes } from './flag-notes.tsx'
import './instance-view.css'

const VIEW_WORDS: Readonly<Record<View, string>> = { overview: 'Overview', logs: 'Logs', stats: 'Stats' }
const CERTAINTY_WORDS = { certain: 'certain', probable: 'probable', unknown: 'not certain' } as const

/** The port of a dead one is an entry's, and another program's by now; one without a dashboard refuses this machine at its port. */
const hasDashboard = ({ port, pid, state }: Instance): boolean =>
  port !== null && pid !== null && state !== 'dead' && state !== 'no-dashboard'

export function InstanceView(props: {
  instance: Instance
  view: View
  onView: (view: View) => void
  panels: Readonly<Record<View, () => JSX.Element>>
}): JSX.Element {
  return (
    <article class="instance" aria-label={shown(props.instance.title)}>
      <Verdict instance={props.instance} />
      <Show when={hasDashboard(props.instance)} fallback={<Alone instance={props.instance} />}>
        <Tabs class="views" value={props.view} onChange={(view) => props.onView(view as View)}>
          <TabList label={`Views of ${shown(props.instance.title)}`} class="views__list" values={VIEWS}>
            <For each={VIEWS}>
              {(view) => (
                <Tab value={view} class="views__tab">
                  {VIEW_WORDS[view]}
                  <Show when={view === 'overview' && props.instance.flagNotes?.length}>
                    {(count) => (
                      <span class="views__count" aria-hidden="true" title={noted(props.instance)}>
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
                <Show when={view === 'overview'}>
                  <About instance={props.instance} />
                </Show>
                {props.panels[view]()}
              </TabPanel>
            )}
          </For>
        </Tabs>
      </Show>
    </article>
  )
}

/** The flags that Overview has words about. */
const noted = ({ flagNotes = [] }: Instance): string => flagNotes.map(({ flag }) => flag).join(', ')

/** The same in every view: a view's tab does not move away from under the pointer that has chosen it. */
function Verdict(props: { instance: Instance }): JSX.Element {
  return (
    <div class="verdict">
      <h2 class="verdict__title">
        <Mark shape={SHAPES[props.instance.state]} tone={props.instance.colour} />
        <span class="verdict__name">{shown(props.instance.title)}</span>
        <span class={`verdict__state tone--${props.instance.colour}`}>{props.instance.state}</span>
        <For each={plainFlags(props.instance)}>
          {(flag) => (
            <span class="flag" title={flagTitle(props.instance, flag)}>
              {flag}
            </span>
          )}
        </For>
      </h2>
      <InstanceMenu instance={props.instance} />
      <p class="verdict__evidence">
        {evidenceOfState(props.instance).map(shown).join(' ')}
        <Show when={props.instance.verdict.certainty !== 'certain'}>
          {' '}
          <span class="muted">({CERTAINTY_WORDS[props.instance.verdict.certainty]})</span>
        </Show>
      </p>
    </div>
  )
}

/** What its flags say, and the facts that need no dashboard. */
function About(props: { instance: Instance }): JSX.Element {
  return (
    <div class="about">
      <FlagNotes instance={props.instance} />
      <Facts instance={props.instance} />
    </div>
  )
}

/** What starts such a Serena from the configuration of an MCP client. */
function clientSnippet({ project, context }: Instance): string {
  const args = [
    'start-mcp-server',
    ...(context === null ? [] : ['--context', context]),
    ...(project?.path ? ['--project', project.path] : []),
  ]
  return JSON.stringify({ mcpServers: { serena: { command: 'serena', args } } }, null, 2)
}

/** What one can do with the instance as a whole. */
function InstanceMenu(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const about = () => ({ instanceId: props.instance.id, instanceTitle: props.instance.title })
  /** Where there is no file manager, the path is copied. */
  const reveal = (place: 'project' | 'log'): void => {
    const call = page.backend.call('reveal', { params: { id: props.instance.id }, body: { place } })
    call.then(
      ({ isShown, path }) =>
        isShown
          ? page.announce(`Showing ${shortPath(path)}.`)
          : page.copy(path, 'the path: there is no file manager to show it'),
      (error: unknown) => page.announce(error instanceof Error ? error.message : 'That did not work.'),
    )
  }
  const shutDown = (): void =>
    page.open({
      kind: 'confirm',
      title: `Shut down ${shown(props.instance.title)}?`,
      text: 'Serena stops its language servers and ends. Its client loses its tools until it starts a Serena anew.',
      action: 'Shut down',
      run: async () => {
        const params = { id: props.instance.id }
        const { hasEnded } = await page.backend.call('shutdown', { params, body: {} })
        page.changed(
          hasEnded
            ? `${shown(props.instance.title)} has ended.`
            : `${shown(props.instance.title)} was asked to end and still runs.`,
        )
      },
    })
  const end = (): void =>
    page.open({ kind: 'ending', title: endingTitle([props.instance]), ids: [props.instance.id] })
  return (
    <Show when={props.instance.pid !== null && props.instance.state !== 'unknown'}>
      <div class="verdict__menu">
        <Menu label={`Actions for ${shown(props.instance.title)}`} class="button" trigger="Actions">
          <Show when={hasDashboard(props.instance)}>
            <MenuItem onSelect={() => page.open({ kind: 'configuration', ...about() })}>
              Edit Serena's configuration …
            </MenuItem>
            <MenuItem
              onSelect={() => page.copy(dashboardUrl(props.instance), 'the address of its dashboard')}
            >
              Copy the address of its dashboard
            </MenuItem>
            <MenuItem
              onSelect={() => page.copy(clientSnippet(props.instance), 'a snippet for an MCP client')}
            >
              Copy a snippet for an MCP client
            </MenuItem>
            <Show when={props.instance.project?.path}>
              <MenuItem onSelect={() => reveal('project')}>Show the project folder</MenuItem>
            </Show>
            <MenuItem onSelect={() => reveal('log')}>Show the log file's folder</MenuItem>
            <MenuItem onSelect={shutDown}>Shut down …</MenuItem>
          </Show>
          <MenuItem onSelect={end}>
            {props.instance.state === 'dead' ? 'Remove its entry …' : 'End with all its processes …'}
          </MenuItem>
        </Menu>
      </div>
    </Show>
  )
}

function Facts(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  return (
    <dl class="verdict__facts">
      <Show when={ownerLine(props.instance)}>
        {(owner) => (
          <div>
            <dt>Owner</dt>
            <dd title={`process id ${props.instance.owner?.pid ?? ''}`}>{owner()}</dd>
          </div>
        )}
      </Show>
      <Show when={props.instance.project?.path}>
        {(path) => (
          <div>
            <dt>Folder</dt>
            <dd>
              <CopyText text={path()} shown={shortPath(path())} what="the project folder" />
            </dd>
          </div>
        )}
      </Show>
      <Show when={props.instance.port}>
        {(port) => (
          <div>
            <dt>Port</dt>
            <dd>
              <Show when={hasDashboard(props.instance)} fallback={port()}>
                <a
                  href={dashboardUrl(props.instance)}
                  target="_blank"
                  rel="noreferrer"
                  title="Open the stock dashboard"
                >
                  {port()}
                </a>
              </Show>
            </dd>
          </div>
        )}
      </Show>
      <Show when={props.instance.memoryBytes !== null}>
        <div>
          <dt>Memory</dt>
          <dd
            title={`${props.instance.memoryKind?.toUpperCase() ?? ''} of ${props.instance.processCount} processes`}
          >
            {formatBytes(props.instance.memoryBytes)} in {props.instance.processCount}{' '}
            {props.instance.processCount === 1 ? 'process' : 'processes'}
          </dd>
        </div>
      </Show>
      <Show when={age(props.instance, page.now())}>
        {(words) => (
          <div>
            <dt>Age</dt>
            <dd title={exactTime(props.instance.startedAt ?? '')}>{words()}</dd>
          </div>
        )}
      </Show>
      <Show when={props.instance.lastActivityAt}>
        {(lastActivityAt) => (
          <div>
            <dt>Last activity</dt>
            <dd title={exactTime(lastActivityAt())}>{ago(lastActivityAt(), page.now())}</dd>
          </div>
        )}
      </Show>
      {/* Last: its width changes the most often. */}
      <Show when={props.instance.cpuPercent !== null}>
        <div>
          <dt>CPU</dt>
          <dd>{props.instance.cpuPercent} %</dd>
        </div>
      </Show>
    </dl>
  )
}

/** Nothing answers: every fact that needs no dashboard. */
function Alone(props: { instance: Instance }): JSX.Element {
  const facts = (): [string, string | null][] => [
    ['Process id', props.instance.pid === null ? null : String(props.instance.pid)],
    ['Serena version', props.instance.serenaVersion],
    ['Context', props.instance.context],
    ['Modes', props.instance.modes.length === 0 ? null : props.instance.modes.join(', ')],
    ['Transport', props.instance.transport],
    ['Known from', props.instance.sources.join(', ')],
  ]
  return (
    <div class="alone">
      <About instance={props.instance} />
      <p class="muted">There is no dashboard to show here. What is known without one:</p>
      <dl class="facts">
        <For each={facts()}>
          {([name, value]) => (
            <Show when={value !== null}>
              <div class="fact">
                <dt>{name}</dt>
                <dd>{shown(value ?? '')}</dd>
              </div>
            </Show>
          )}
        </For>
      </dl>
      <h3 class="alone__title">History</h3>
      <HistoryPanel about={props.instance.id} changes={props.instance.colour} />
    </div>
  )
}
