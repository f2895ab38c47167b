// Current Configuration: what this instance is set to, as its own dashboard tells it.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { CopyText } from '../copy-text.tsx'
import { shortPath, shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { enabledOf, Functions } from './functions.tsx'
import { LanguageServers } from './language-servers.tsx'
import { NameList } from './lists.tsx'
import { OpensOnLaunch } from './opens-on-launch.tsx'
import './configuration.css'

const RELEASES = 'https://github.com/oraios/serena/releases'
const GUIDE = 'https://oraios.github.io/serena/02-usage/050_configuration.html'

export function Configuration(props: {
  instance: Instance
  overview: Overview
  /** Draws a part of it that folds. */
  fold: (name: string, title: () => string, body: () => JSX.Element) => JSX.Element
}): JSX.Element {
  const page = usePage()
  const facts = createMemo(() => factsOf(props.overview, props.instance))
  const edit = (): void =>
    page.open({
      kind: 'configuration',
      instanceId: props.instance.id,
      instanceTitle: props.instance.title,
    })
  return (
    <div class="configuration">
      <dl class="facts">
        <For each={facts()}>
          {([name, value]) => (
            <div class="fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          )}
        </For>
      </dl>
      {props.fold(
        'Active Tools',
        () => `Active Tools (${props.overview.activeTools.length})`,
        () => (
          <NameList
            names={props.overview.activeTools}
            empty="No tool is active."
            filter="Filter the active tools"
          />
        ),
      )}
      <Show when={props.overview.facades}>
        {(facades) =>
          props.fold(
            'Active Functions',
            () => `Active Functions (${enabledOf(facades())})`,
            () => <Functions facades={facades()} />,
          )
        }
      </Show>
      <div class="configuration__more">
        <button type="button" class="button" onClick={edit}>
          Edit Serena's configuration …
        </button>
        <Outside href={GUIDE}>Configuration guide</Outside>
      </div>
    </div>
  )
}

/** A page of Serena's makers, in a tab of its own; nothing is fetched before it is clicked. */
function Outside(props: { href: string; children: JSX.Element }): JSX.Element {
  return (
    <a href={props.href} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  )
}

/** The rows of what this Serena tells; what it does not tell has none. */
function factsOf(overview: Overview, instance: Instance): [string, JSX.Element][] {
  const { opensDashboardOnLaunch } = overview
  const rows: [string, JSX.Element][] = [
    ['Serena version', overview.serenaVersion === null ? null : <Version overview={overview} />],
    ['Active project', <ActiveProject overview={overview} />],
    ['Languages', otherLanguages(overview)],
    ['Context', overview.context && <InUse item={overview.context} />],
    [
      'Active modes',
      <For each={overview.modes} fallback="none">
        {(mode) => <InUse item={mode} />}
      </For>,
    ],
    ['Agent interface', text(overview.agentInterface)],
    ['Language backend', text(overview.languageBackend)],
    [
      'Language servers',
      overview.project !== null && overview.languageBackend !== 'JetBrains' && (
        <LanguageServers instance={instance} languages={overview.languageServers} />
      ),
    ],
    ['File encoding', text(overview.encoding)],
    ['Client', text(overview.client)],
    [
      'Opens on launch',
      typeof opensDashboardOnLaunch === 'boolean' && (
        <OpensOnLaunch instance={instance} isOn={opensDashboardOnLaunch} />
      ),
    ],
    ...overview.otherFacts.map(({ name, value }): [string, JSX.Element] => [shown(name), shown(value)]),
  ]
  return rows.filter(([, value]) => value !== null && value !== false)
}

const text = (value: string | null): string | null => (value === null || value === '' ? null : shown(value))
/** The project's, where its language servers do not say the same. */
function otherLanguages({ project, languageServers, languageBackend }: Overview): string | null {
  const languages = project?.languages ?? []
  const isSaid = languageBackend !== 'JetBrains' && languages.join() === languageServers.join()
  return languages.length === 0 || isSaid ? null : languages.map(shown).join(', ')
}

function Version(props: { overview: Overview }): JSX.Element {
  return (
    <>
      {shown(props.overview.serenaVersion ?? '')}
      <Show when={props.overview.newerSerenaVersion}>
        {(newer) => (
          <>
            <span class="flag">{shown(newer())} is out</span> <Outside href={RELEASES}>Releases</Outside>
          </>
        )}
      </Show>
    </>
  )
}

function ActiveProject(props: { overview: Overview }): JSX.Element {
  return (
    <Show when={props.overview.project} fallback="none">
      {(project) => (
        <>
          <strong title={projectFile(project().path)}>{shown(project().name)}</strong>
          <Show when={project().isTrusted !== null}>
            <span class="flag">{project().isTrusted === true ? 'trusted' : 'not trusted'}</span>
          </Show>
          <Show when={project().path}>
            {(path) => (
              <div>
                <CopyText text={path()} shown={shortPath(path())} what="the project folder" />
              </div>
            )}
          </Show>
          <Show when={project().isTrusted === false}>
            <p class="muted">
              Serena ignores part of its settings and follows no links in it.{' '}
              <Outside href={`${GUIDE}#trusted-projects`}>What that means</Outside>
            </p>
          </Show>
        </>
      )}
    </Show>
  )
}

const projectFile = (path: string | null): string | undefined =>
  path === null ? undefined : `Its settings are in ${shown(path)}/.serena/project.yml`

function InUse(props: {
  item: { name: string; description: string | null; path: string | null }
}): JSX.Element {
  return (
    <div title={props.item.path === null ? undefined : shown(props.item.path)}>
      {shown(props.item.name)}
      <Show when={props.item.description}>
        {(description) => <span class="muted"> – {shown(description())}</span>}
      </Show>
    </div>
  )
}
