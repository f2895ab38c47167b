// The sections of the settings dialog.
import { For, type JSX, Show } from 'solid-js'
import type { HomeChange, HomeSettings, OwnSettings, SettingsView } from '#contract/settings'
import { visibleLine } from '#contract/visible-text'
import { shortPath } from '../../state/short-path.ts'
import { Note } from '../../ui/note.tsx'
import { HomeSettingRow } from './home-setting-row.tsx'
import { OwnSettingRows } from './own-setting-rows.tsx'
import { PopUpSection } from './pop-up-section.tsx'

type OnHomeChange = (home: HomeSettings, change: HomeChange) => void

export function SettingsSections(props: {
  view: SettingsView
  onHomeChange: OnHomeChange
  onOwnChange: (change: Partial<OwnSettings>) => void
}): JSX.Element {
  return (
    <>
      <PopUpSection view={props.view} onHomeChange={props.onHomeChange} />
      <For each={props.view.homes}>
        {(home) => <HomeSection home={home} onHomeChange={props.onHomeChange} />}
      </For>
      <section class="settings" aria-labelledby="settings-own">
        <h3 class="settings__title" id="settings-own">
          Serena Deck
        </h3>
        <For each={props.view.ownProblems}>
          {(problem) => <Note tone="warning">{visibleLine(problem)}</Note>}
        </For>
        <OwnSettingRows view={props.view} onChange={props.onOwnChange} />
        <p class="muted">
          Stored in <code class="mono">{shortPath(props.view.ownFile)}</code>
        </p>
      </section>
    </>
  )
}

function HomeSection(props: { home: HomeSettings; onHomeChange: OnHomeChange }): JSX.Element {
  return (
    <section class="settings" aria-label={`Settings of ${shortPath(props.home.serenaHome)}`}>
      <h3 class="settings__title">
        Serena home <code class="mono">{shortPath(props.home.serenaHome)}</code>
      </h3>
      <Show
        when={props.home.exists}
        fallback={
          <p class="muted">
            serena_config.yml does not exist yet: Serena creates it on its first start. Default values:
          </p>
        }
      >
        <For each={props.home.problems}>
          {(problem) => <Note tone="warning">{visibleLine(problem)}</Note>}
        </For>
      </Show>
      <ul>
        <For each={props.home.settings}>
          {(setting) => (
            <HomeSettingRow
              setting={setting}
              canChange={props.home.exists}
              onChange={(value) => props.onHomeChange(props.home, { [setting.key]: value })}
            />
          )}
        </For>
      </ul>
    </section>
  )
}
