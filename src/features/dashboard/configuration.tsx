// Current Configuration: what this instance is set to, as its own dashboard tells it.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { createAction } from '../../state/action.ts'
import { CopyText } from '../copy-text.tsx'
import { Failure } from '../failure.tsx'
import { shortPath, shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { LanguageServers } from './language-servers.tsx'
import { NameList } from './lists.tsx'
import './configuration.css'

export function Configuration(props: { instance: Instance; overview: Overview }): JSX.Element {
  const facts = createMemo(() => factsOf(props.overview, props.instance))
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
      <h4 class="configuration__head">Active Tools ({props.overview.activeTools.length})</h4>
      <NameList
        names={props.overview.activeTools}
        empty="No tool is active."
        filter="Filter the active tools"
      />
      <Show when={props.overview.facades}>
        {(facades) => (
          <>
            <h4 class="configuration__head">Functions</h4>
            <For each={facades()}>
              {(facade) => (
                <div class="facade">
                  <span class="facade__name mono" classList={{ muted: !facade.isEnabled }}>
                    {shown(facade.name)}
                    {facade.isEnabled ? '' : ' (off)'}
                  </span>
                  <NameList
                    names={facade.methods.filter(({ isEnabled }) => isEnabled).map(({ name }) => name)}
                    empty="none"
                  />
                </div>
              )}
            </For>
          </>
        )}
      </Show>
    </div>
  )
}

/** The rows of what this Serena tells; what it does not tell has none. */
function factsOf(overview: Overview, instance: Instance): [string, JSX.Element][] {
  const rows: [string, JSX.Element][] = [
    ['Serena version', overview.serenaVersion === null ? null : <Version overview={overview} />],
    ['Active project', <ActiveProject overview={overview} />],
    ['Languages', words(overview.project?.languages)],
    ['Context', overview.context && <InUse item={overview.context} />],
    [
      'Active modes',
      overview.modes.length > 0 && <For each={overview.modes}>{(mode) => <InUse item={mode} />}</For>,
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
      overview.opensDashboardOnLaunch !== null && (
        <OpensOnLaunch instance={instance} isOn={overview.opensDashboardOnLaunch} />
      ),
    ],
    ...overview.otherFacts.map(({ name, value }): [string, JSX.Element] => [shown(name), shown(value)]),
  ]
  return rows.filter(([, value]) => value !== null && value !== false)
}

const text = (value: string | null): string | null => (value === null || value === '' ? null : shown(value))
const words = (values: readonly string[] | undefined): string | null =>
  values === undefined || values.length === 0 ? null : values.map(shown).join(', ')

/** Whether Serena opens its own page in the browser each time it starts. */
function OpensOnLaunch(props: { instance: Instance; isOn: boolean }): JSX.Element {
  const page = usePage()
  const action = createAction()
  const set = (isOn: boolean): void => {
    const params = { id: props.instance.id }
    void action
      .run(() => page.backend.call('setOpensOnLaunch', { params, body: { isOn } }))
      .then((isDone) => {
        if (isDone)
          page.changed(isOn ? 'Serena opens its page at each start.' : 'Serena opens no page any more.')
      })
  }
  return (
    <>
      <label class="checked">
        <input
          type="checkbox"
          checked={props.isOn}
          disabled={action.isBusy()}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        Serena's own page opens at each start
      </label>
      <Failure error={action.error()} />
    </>
  )
}

function Version(props: { overview: Overview }): JSX.Element {
  return (
    <>
      {shown(props.overview.serenaVersion ?? '')}
      <Show when={props.overview.newerSerenaVersion}>
        {(newer) => <span class="flag">{shown(newer())} is out</span>}
      </Show>
    </>
  )
}

function ActiveProject(props: { overview: Overview }): JSX.Element {
  return (
    <Show when={props.overview.project} fallback="none">
      {(project) => (
        <>
          <strong>{shown(project().name)}</strong>
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
        </>
      )}
    </Show>
  )
}

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
