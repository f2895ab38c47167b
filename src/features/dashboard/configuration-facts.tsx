// The rows of Current Configuration. A value that this Serena does not report has no row.
import { For, type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { ActiveProject } from './active-project.tsx'
import { LanguageServers } from './language-servers.tsx'
import { OpenOnLaunch } from './open-on-launch.tsx'
import { OutsideLink, RELEASES_URL } from './outside-link.tsx'

/** The rows stay the same elements when data arrives: typed text and the focus are kept. */
export function ConfigurationFacts(props: { overview: Overview; instance: Instance }): JSX.Element {
  const hasLanguageServers = (): boolean =>
    props.overview.project !== null && props.overview.languageBackend !== 'JetBrains'
  return (
    <dl class="facts">
      <Fact name="Serena version" isShown={props.overview.serenaVersion !== null}>
        <Version overview={props.overview} />
      </Fact>
      <Fact name="Active project">
        <ActiveProject project={props.overview.project} />
      </Fact>
      <TextFact name="Languages" text={otherLanguages(props.overview)} />
      <Show when={props.overview.context}>
        {(context) => (
          <Fact name="Context">
            <InUse item={context()} />
          </Fact>
        )}
      </Show>
      <Fact name="Active modes">
        <For each={props.overview.modes} fallback="none">
          {(mode) => <InUse item={mode} />}
        </For>
      </Fact>
      <TextFact name="Agent interface" text={props.overview.agentInterface} />
      <TextFact name="Language backend" text={props.overview.languageBackend} />
      <Fact name="Language servers" isShown={hasLanguageServers()}>
        <LanguageServers instance={props.instance} languages={props.overview.languageServers} />
      </Fact>
      <TextFact name="File encoding" text={props.overview.encoding} />
      <TextFact name="Client" text={props.overview.client} />
      <Fact name="Open on launch" isShown={typeof props.overview.opensDashboardOnLaunch === 'boolean'}>
        <OpenOnLaunch instance={props.instance} isOn={props.overview.opensDashboardOnLaunch === true} />
      </Fact>
      <For each={props.overview.otherFacts}>
        {({ name, value }) => <TextFact name={visibleLine(name)} text={value} />}
      </For>
    </dl>
  )
}

function Fact(props: { name: string; isShown?: boolean; children: JSX.Element }): JSX.Element {
  return (
    <Show when={props.isShown !== false}>
      <div class="fact">
        <dt>{props.name}</dt>
        <dd>{props.children}</dd>
      </div>
    </Show>
  )
}

const TextFact = (props: { name: string; text: string | null }): JSX.Element => (
  <Fact name={props.name} isShown={props.text !== null && props.text !== ''}>
    {visibleLine(props.text ?? '')}
  </Fact>
)

/** Returns the languages of the project, unless its language servers are the same. */
function otherLanguages({ project, languageServers, languageBackend }: Overview): string | null {
  const languages = project?.languages ?? []
  const isShownBelow = languageBackend !== 'JetBrains' && languages.join() === languageServers.join()
  return languages.length === 0 || isShownBelow ? null : languages.join(', ')
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
