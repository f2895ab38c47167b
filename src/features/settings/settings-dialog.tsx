// The settings: Serena's pop-ups, what each SERENA_HOME says, and our own. Each value with the place it comes from; a home's file
// is changed only after the differences were seen.
import { createSignal, For, type JSX, Match, onMount, Show, Switch } from 'solid-js'
import type { HomeChange, HomeSettings, OwnSettings, SettingsView } from '#contract/settings'
import { createAction } from '../../state/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { Waiting } from '../answer-notes.tsx'
import { ConnectionNote } from '../connection-note.tsx'
import { Failure } from '../failure.tsx'
import { shortPath, shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { Diff } from './diff.tsx'
import { HomeSettingRow, OwnSettingRows } from './setting-rows.tsx'
import { EFFECTS } from './settings-words.ts'
import './settings.css'

interface Planned {
  serenaHome: string
  file: string
  change: HomeChange
  diff: string[]
  etag: string
  hash: string
  problem: string | null
}

export function SettingsDialog(props: { onClose: () => void }): JSX.Element {
  const page = usePage()
  const action = createAction()
  const [view, setView] = createSignal<SettingsView | null>(null)
  const [planned, setPlanned] = createSignal<Planned | null>(null)

  const read = (): void => {
    void action.run(async () => setView(await page.backend.call('settings')))
  }
  onMount(read)
  const look = ({ serenaHome, file }: HomeSettings, change: HomeChange): void => {
    void action
      .run(async () => {
        const preview = await page.backend.call('previewHomeSettings', { body: { serenaHome, change } })
        setPlanned({ serenaHome, file, change, ...preview })
      })
      // The field shows what is in the file, not what could not be written.
      .then((isDone) => isDone || setView((before) => before && { ...before }))
  }
  const write = ({ serenaHome, change, etag, hash, file }: Planned): void => {
    void action.run(async () => {
      const body = { serenaHome, change, etag, hash }
      setView(await page.backend.call('saveHomeSettings', { body }))
      setPlanned(null)
      page.changed(`Wrote ${shortPath(file)}. A copy of the old one is kept.`)
    })
  }
  const changeOwn = (change: Partial<OwnSettings>): void => {
    void action.run(async () => {
      setView(await page.backend.call('changeOwnSettings', { body: change }))
      page.changed('Saved.')
    })
  }

  return (
    <Dialog
      title="Settings"
      isWide
      onClose={() => (planned() ? setPlanned(null) : props.onClose())}
      footer={
        <Show
          when={planned()}
          fallback={
            <button type="button" class="button" onClick={() => props.onClose()}>
              Close
            </button>
          }
        >
          {(plan) => (
            <>
              <span class="spacer muted">A copy of the old file is kept.</span>
              <button type="button" class="button" onClick={() => setPlanned(null)}>
                Back
              </button>
              <button
                type="button"
                class="button button--primary"
                disabled={plan().problem !== null || action.isBusy() || !hasChange(plan())}
                onClick={() => write(plan())}
              >
                Write it
              </button>
            </>
          )}
        </Show>
      }
    >
      <Failure error={action.error()} />
      <ConnectionNote text={null} hasFailed={false} />
      <Show
        when={planned()}
        fallback={
          <Show when={view()} fallback={<Waiting isWaiting={action.error() === null} words="Reading …" />}>
            {(shownView) => <Settings view={shownView()} onLook={look} onOwn={changeOwn} />}
          </Show>
        }
      >
        {(plan) => (
          <>
            <p>
              This is what changes in <code class="mono">{shortPath(plan().file)}</code>:
            </p>
            <Show when={plan().problem}>{(problem) => <Note tone="error">{shown(problem())}</Note>}</Show>
            <Show when={hasChange(plan())} fallback={<p class="muted">Nothing: it says so already.</p>}>
              <Diff lines={plan().diff} />
            </Show>
          </>
        )}
      </Show>
    </Dialog>
  )
}

const hasChange = ({ diff }: Planned): boolean => diff.some((line) => !line.startsWith(' '))

function Settings(props: {
  view: SettingsView
  onLook: (home: HomeSettings, change: HomeChange) => void
  onOwn: (change: Partial<OwnSettings>) => void
}): JSX.Element {
  return (
    <>
      <section class="settings" aria-labelledby="settings-popups">
        <h3 class="settings__title" id="settings-popups">
          Serena's pop-ups
        </h3>
        <For each={props.view.homes}>{(home) => <PopUps home={home} onLook={props.onLook} />}</For>
        <For each={props.view.clientFlags}>
          {({ client, file, flag, effect }) => (
            <Note tone={effect === 'opens' ? 'warning' : 'plain'}>
              {client} starts Serena with <code class="mono">{flag}</code> (
              <code class="mono">{shortPath(file)}</code>), {EFFECTS[effect]}.
              {effect === 'opens' ? ' Take that flag out there to stop it.' : ''}
            </Note>
          )}
        </For>
      </section>
      <For each={props.view.homes}>
        {(home) => (
          <section class="settings" aria-label={`Settings of ${shortPath(home.serenaHome)}`}>
            <h3 class="settings__title">
              Serenas of <code class="mono">{shortPath(home.serenaHome)}</code>
            </h3>
            <Show
              when={home.exists}
              fallback={
                <p class="muted">
                  There is no serena_config.yml yet: Serena makes it at its first start. Until then these
                  count.
                </p>
              }
            >
              <For each={home.problems}>{(problem) => <Note tone="warning">{shown(problem)}</Note>}</For>
            </Show>
            <ul>
              <For each={home.settings}>
                {(setting) => (
                  <HomeSettingRow
                    setting={setting}
                    canChange={home.exists}
                    onChange={(value) => props.onLook(home, { [setting.key]: value })}
                  />
                )}
              </For>
            </ul>
          </section>
        )}
      </For>
      <section class="settings" aria-labelledby="settings-own">
        <h3 class="settings__title" id="settings-own">
          Serena Deck
        </h3>
        <For each={props.view.ownProblems}>{(problem) => <Note tone="warning">{shown(problem)}</Note>}</For>
        <OwnSettingRows view={props.view} onChange={props.onOwn} />
        <p class="muted">
          In <code class="mono">{shortPath(props.view.ownFile)}</code>
        </p>
      </section>
    </>
  )
}

function PopUps(props: {
  home: HomeSettings
  onLook: (home: HomeSettings, change: HomeChange) => void
}): JSX.Element {
  const value = () =>
    props.home.settings.find(({ key }) => key === 'web_dashboard_open_on_launch')?.value ?? null
  const name = () => <code class="mono">{shortPath(props.home.serenaHome)}</code>
  return (
    <Switch>
      <Match when={!props.home.exists}>
        <p class="muted">No Serena of {name()} has run yet: its pop-ups can be stopped once one has.</p>
      </Match>
      <Match when={value() === false}>
        <p>
          Serenas of {name()} open no page of their own, unless they are started with{' '}
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
              onClick={() => props.onLook(props.home, { web_dashboard_open_on_launch: false })}
            >
              Stop the pop-ups …
            </button>
          }
        >
          Serenas of {name()} open their own page when they start
          {value() === null ? ', because nobody has chosen yet' : ''}, unless they are started with{' '}
          <code class="mono">--open-web-dashboard false</code>. You have them all here.
        </Note>
      </Match>
    </Switch>
  )
}
