// Whether Serena opens its own dashboard in the browser on each start, per home and per client.
import { For, type JSX, Match, Switch } from 'solid-js'
import type { ClientFlag, HomeChange, HomeSettings, SettingsView } from '#contract/settings'
import { shortPath } from '../../state/short-path.ts'
import { Note } from '../../ui/note.tsx'
import { FLAG_EFFECTS } from './settings-words.ts'

type OnHomeChange = (home: HomeSettings, change: HomeChange) => void

export function PopUpSection(props: { view: SettingsView; onHomeChange: OnHomeChange }): JSX.Element {
  return (
    <section class="settings" aria-labelledby="settings-popups">
      <h3 class="settings__title" id="settings-popups">
        Serena pop-ups
      </h3>
      <For each={props.view.homes}>
        {(home) => <HomePopUps home={home} onHomeChange={props.onHomeChange} />}
      </For>
      <For each={props.view.clientFlags}>{(flag) => <ClientFlagNote flag={flag} />}</For>
    </section>
  )
}

function ClientFlagNote(props: { flag: ClientFlag }): JSX.Element {
  return (
    <Note tone={props.flag.effect === 'opens' ? 'warning' : 'plain'}>
      {props.flag.client} starts Serena with <code class="mono">{props.flag.flag}</code> (
      <code class="mono">{shortPath(props.flag.file)}</code>): {FLAG_EFFECTS[props.flag.effect]}.
      {props.flag.effect === 'opens' ? ' Remove this flag to stop the pop-ups.' : ''}
    </Note>
  )
}

function HomePopUps(props: { home: HomeSettings; onHomeChange: OnHomeChange }): JSX.Element {
  const value = () =>
    props.home.settings.find(({ key }) => key === 'web_dashboard_open_on_launch')?.value ?? null
  const name = () => <code class="mono">{shortPath(props.home.serenaHome)}</code>
  return (
    <Switch>
      <Match when={!props.home.exists}>
        <p class="muted">
          No instance of {name()} has run yet. You can stop the pop-ups after the first start.
        </p>
      </Match>
      <Match when={value() === false}>
        <p>
          Instances of {name()} do not open their own dashboard, unless they are started with{' '}
          <code class="mono">--open-web-dashboard true</code>.
        </p>
      </Match>
      <Match when={value() !== false}>
        <Note
          tone="plain"
          action={
            <button
              type="button"
              class="button button--primary"
              onClick={() => props.onHomeChange(props.home, { web_dashboard_open_on_launch: false })}
            >
              Stop the pop-ups …
            </button>
          }
        >
          Instances of {name()} open their own dashboard on start
          {value() === null ? ' (not configured)' : ''}, unless they are started with{' '}
          <code class="mono">--open-web-dashboard false</code>. Serena Deck shows the same data.
        </Note>
      </Match>
    </Switch>
  )
}
