// The rows of Current Configuration. A value that this Serena does not report has no row.
import { For, type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { ActiveProject } from './active-project.tsx'
import { LanguageServers } from './language-servers.tsx'
import { OpenOnLaunch } from './open-on-launch.tsx'
import { OutsideLink, RELEASES_URL } from './outside-link.tsx'

export function configurationFacts(overview: Overview, instance: Instance): [string, JSX.Element][] {
  const { opensDashboardOnLaunch } = overview
  const rows: [string, JSX.Element][] = [
    ['Serena version', overview.serenaVersion === null ? null : <Version overview={overview} />],
    ['Active project', <ActiveProject project={overview.project} />],
    ['Languages', otherLanguages(overview)],
    ['Context', overview.context && <InUse item={overview.context} />],
    [
      'Active modes',
      <For each={overview.modes} fallback="none">
        {(mode) => <InUse item={mode} />}
      </For>,
    ],
    ['Agent interface', textOf(overview.agentInterface)],
    ['Language backend', textOf(overview.languageBackend)],
    [
      'Language servers',
      overview.project !== null && overview.languageBackend !== 'JetBrains' && (
        <LanguageServers instance={instance} languages={overview.languageServers} />
      ),
    ],
    ['File encoding', textOf(overview.encoding)],
    ['Client', textOf(overview.client)],
    [
      'Open on launch',
      typeof opensDashboardOnLaunch === 'boolean' && (
        <OpenOnLaunch instance={instance} isOn={opensDashboardOnLaunch} />
      ),
    ],
    ...overview.otherFacts.map(({ name, value }): [string, JSX.Element] => [
      visibleLine(name),
      visibleLine(value),
    ]),
  ]
  return rows.filter(([, value]) => value !== null && value !== false)
}

const textOf = (value: string | null): string | null =>
  value === null || value === '' ? null : visibleLine(value)

/** Returns the languages of the project, unless its language servers are the same. */
function otherLanguages({ project, languageServers, languageBackend }: Overview): string | null {
  const languages = project?.languages ?? []
  const isShownBelow = languageBackend !== 'JetBrains' && languages.join() === languageServers.join()
  return languages.length === 0 || isShownBelow ? null : languages.map(visibleLine).join(', ')
}

function Version(props: { overview: Overview }): JSX.Element {
  return (
    <>
      {visibleLine(props.overview.serenaVersion ?? '')}
      <Show when={props.overview.newerSerenaVersion}>
        {(newer) => (
          <>
            <span class="flag">{visibleLine(newer())} available</span>{' '}
            <OutsideLink href={RELEASES_URL}>Releases</OutsideLink>
          </>
        )}
      </Show>
    </>
  )
}

function InUse(props: {
  item: { name: string; description: string | null; path: string | null }
}): JSX.Element {
  return (
    <div title={props.item.path === null ? undefined : visibleLine(props.item.path)}>
      {visibleLine(props.item.name)}
      <Show when={props.item.description}>
        {(description) => <span class="muted"> – {visibleLine(description())}</span>}
      </Show>
    </div>
  )
}
