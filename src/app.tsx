// The shell: header, notices, tabs, and in the open tab All or one instance.
import { Key } from '@solid-primitives/keyed'
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  onMount,
  Show,
  untrack,
} from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { Instance } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { Backend } from './client/backend.ts'
import { InstanceView } from './features/dashboard/instance-view.tsx'
import { OverviewView } from './features/dashboard/overview-view.tsx'
import { HistoryPanel } from './features/history/history-panel.tsx'
import { shown } from './features/instance-words.ts'
import { AllShell } from './features/instances/all-shell.tsx'
import { AllView } from './features/instances/all-view.tsx'
import { EmptyView, NoMatch } from './features/instances/empty-view.tsx'
import { Header } from './features/instances/header.tsx'
import { LockedView } from './features/instances/locked-view.tsx'
import { TabBar } from './features/instances/tab-bar.tsx'
import { AllLogView } from './features/logs/all-log-view.tsx'
import { LogView } from './features/logs/log-view.tsx'
import { type PageDialog, PageProvider } from './features/page-context.ts'
import { makePageKeys } from './features/shortcuts/page-keys.ts'
import { AllStatsView } from './features/stats/all-stats-view.tsx'
import { StatsView } from './features/stats/stats-view.tsx'
import { connectWindow } from './features/window/connect-window.ts'
import { ZombieBar } from './features/zombies/zombie-bar.tsx'
import { watchZombies } from './features/zombies/zombie-notices.ts'
import type { Platform } from './platform/platform.ts'
import { createChoice } from './state/choice.ts'
import { createClock } from './state/clock.ts'
import { createCpuTraces } from './state/cpu-trace.ts'
import { ALL, createDeckStore } from './state/deck-store.ts'
import { matchesSearch, summarise } from './state/deck-summary.ts'
import { createLaterPart } from './state/later-part.ts'
import { createMediaMatch } from './state/media-match.ts'
import { createPageVisible } from './state/page-visible.ts'
import { applyTheme, type PreferenceStore } from './state/preferences.ts'
import { createFocusKeeper, type FocusKeeper } from './ui/focus-keeper.ts'
import { Note } from './ui/note.tsx'
import { TabPanel, Tabs } from './ui/tabs.tsx'
import './app.css'

/** From this width on the tabs are a bar; below, a list. */
const BAR_WIDTH = '(min-width: 700px)'
const ANNOUNCED_MS = 4_000
/** After the first tabs are drawn, and before anybody has read them. */
const DIALOGS_AFTER_MS = 1_000

export function App(props: {
  backend: Backend
  platform: Platform
  preferences: PreferenceStore
}): JSX.Element {
  // What the page is built on does not change while it stands.
  const { backend, platform, preferences } = untrack(() => ({ ...props }))
  const isVisible = createPageVisible()
  const now = createClock(isVisible)
  const deck = createDeckStore(backend, isVisible, {
    list: platform.firstList,
    tab: platform.window && preferences.current().tab,
  })
  const wantedTab = platform.wantedTab()
  if (wantedTab !== null) deck.select(wantedTab)
  const [search, setSearch] = createSignal('')
  const [announcement, setAnnouncement] = createSignal('')
  const [dialog, setDialog] = createSignal<PageDialog | null>(null)
  const dialogs = createLaterPart(() => import('./features/page-dialogs.tsx'))
  const [changes, setChanges] = createSignal(0)
  const isBar = createMediaMatch(BAR_WIDTH)
  let searchInput: HTMLInputElement | undefined
  applyTheme(() => preferences.current().theme)

  const fitting = createMemo(() =>
    deck.state.instances.filter((instance) => search() === '' || matchesSearch(instance, search())),
  )
  const choice = createChoice(() => fitting())
  // The open tab stays, whatever is searched for.
  const tabs = createMemo(() =>
    deck.state.instances.filter(
      (instance) => instance.id === deck.selected() || search() === '' || matchesSearch(instance, search()),
    ),
  )
  /** The open one; undefined: All is. Only this one has a panel: one for each of a hundred would be a hundred that nobody sees. */
  const open = createMemo(() => deck.instance(deck.selected()))
  const openId = createMemo(() => open()?.id)
  const summary = createMemo(() => summarise(deck.state.instances))
  const cpuTraces = createCpuTraces(now, () => (deck.isRemembered() ? [] : deck.state.instances))
  /** Changes when the history does: somebody came, went, or changed colour. */
  const redOnes = createMemo(() => deck.state.instances.map(({ id, colour }) => id + colour).join())
  const title = createMemo(() => {
    if (deck.lostAtMs()) return 'Not connected – Serena Deck'
    const opened = open()
    const { red } = summary().byColour
    return `${red > 0 ? `(${red} ✕) ` : ''}${opened ? `${shown(opened.title)} – ` : ''}Serena Deck`
  })
  createEffect(() => {
    document.title = title()
  })
  if (platform.window)
    connectWindow(platform.window, {
      title,
      tab: deck.selected,
      preferences,
      summary,
      killAll: () => openKillAll(),
      select: (id) => deck.select(id),
    })
  const isLocked = createMemo(
    () => deck.connection() === 'unauthorized' || deck.connection() === 'other-version',
  )

  watchZombies({
    notices: platform.notices,
    isOn: () => preferences.current().notifies,
    instances() {
      const isKnown = deck.state.sweptAt !== null && !deck.isRemembered()
      return isKnown ? deck.state.instances : null
    },
    open: (id) => deck.select(id ?? ALL),
  })
  async function setNotifies(isOn: boolean): Promise<void> {
    const isAllowed = !isOn || (await platform.notices?.allow()) === true
    preferences.change({ notifies: isOn && isAllowed })
    if (!isAllowed)
      announce('The browser does not allow notifications here: allow them in its settings for this page.')
    else announce(isOn ? 'New zombies will be told of on the desktop.' : 'Nothing is told of on the desktop.')
  }

  let silence: ReturnType<typeof setTimeout> | undefined
  function announce(sentence: string): void {
    clearTimeout(silence)
    setAnnouncement(sentence)
    silence = setTimeout(() => setAnnouncement(''), ANNOUNCED_MS)
  }

  function copy(text: string, what: string): void {
    platform.copyText(text).then(
      () => announce(`Copied ${what}.`),
      () => announce('Nothing was copied: the browser does not allow it.'),
    )
  }

  function openNumbered(number: number): boolean {
    const id = [ALL, ...tabs().map((instance) => instance.id)][number - 1]
    if (id !== undefined) deck.select(id)
    return id !== undefined
  }

  function openKillAll(): void {
    if (summary().byColour.red === 0) announce('There is no zombie.')
    else if (dialog() === null) openDialog({ kind: 'ending', title: 'Kill all zombies', ids: null })
  }

  let focus: FocusKeeper | undefined
  function openDialog(wanted: PageDialog): void {
    if (isLocked()) return
    if (dialog() === null) focus?.remember()
    // As it is loaded nearly always: at once.
    if (dialogs.part()) setDialog(wanted)
    else
      dialogs.load().then(
        () => setDialog(wanted),
        () => announce('This part of the page could not be loaded. Is Serena Deck still running?'),
      )
  }
  function closeDialog(): void {
    setDialog(null)
    // After the library has let go of the focus, and the page below can have it again.
    setTimeout(() => focus?.giveBack())
  }
  function keepFocus(element: HTMLElement): void {
    const keeper = createFocusKeeper(element)
    focus = keeper
    onCleanup(() => keeper.stop())
  }

  // In time: whatever the backend does later, they are there.
  onMount(() => setTimeout(() => dialogs.load().catch(() => undefined), DIALOGS_AFTER_MS))
  const keys = makePageKeys({
    openNumbered,
    killAll: openKillAll,
    search: () => searchInput?.focus(),
    help: () => {
      if (dialog() === null) openDialog({ kind: 'shortcuts' })
    },
    window: platform.window ? preferences : null,
  })
  onMount(() => document.addEventListener('keydown', keys))
  onCleanup(() => document.removeEventListener('keydown', keys))

  const panelsOf = (instance: Accessor<Instance>) => ({
    overview: () => (
      <OverviewView
        instance={instance()}
        closedSections={preferences.current().closedSections}
        onToggle={(section, isOpen) => {
          const others = preferences.current().closedSections.filter((name) => name !== section)
          preferences.change({ closedSections: isOpen ? others : [...others, section] })
        }}
      />
    ),
    logs: () => <LogView instance={instance()} />,
    stats: () => <StatsView instance={instance()} />,
  })

  return (
    <PageProvider
      value={{
        backend,
        platform,
        connection: deck.connection,
        now,
        isVisible,
        announce,
        copy,
        ending: deck.ending,
        instance: deck.instance,
        select: deck.select,
        open: openDialog,
        changes,
        changed(sentence) {
          setChanges((count) => count + 1)
          if (sentence !== null) announce(sentence)
        },
      }}
    >
      <Show
        when={!isLocked()}
        fallback={
          <LockedView
            reason={deck.connection() === 'other-version' ? 'other-version' : 'no-token'}
            isInert={dialog() !== null}
          />
        }
      >
        <div
          class="app"
          ref={keepFocus}
          inert={dialog() !== null}
          classList={{ 'app--stale': deck.lostAtMs() !== null || deck.isRemembered() }}
        >
          <Header
            summary={summary()}
            search={search()}
            onSearch={setSearch}
            searchRef={(input) => {
              searchInput = input
            }}
            theme={preferences.current().theme}
            onTheme={(theme) => preferences.change({ theme })}
            isPinned={platform.window ? preferences.current().isPinned : null}
            onPin={(isPinned) => preferences.change({ isPinned })}
            notifies={platform.notices ? preferences.current().notifies : null}
            onNotifies={(isOn) => void setNotifies(isOn)}
            onSettings={() => openDialog({ kind: 'settings' })}
            {...(platform.window && { onHide: () => platform.window?.hide() })}
            onShortcuts={() => openDialog({ kind: 'shortcuts' })}
            onSweep={() => {
              deck.sweep().then(
                () => announce('Refreshed.'),
                (error: unknown) => announce(error instanceof Error ? error.message : 'That did not work.'),
              )
            }}
          />
          <ZombieBar instances={deck.state.instances} />
          <div class="app__notes">
            <Show when={deck.lostAtMs()}>
              {(since) => (
                <Note tone="error" title="The connection to Serena Deck is lost.">
                  What you see is {formatSpan(Math.max(now(), Date.now()) - since())} old. Trying again; if it
                  was stopped, start it with <code class="mono">serena-deck open</code>.
                </Note>
              )}
            </Show>
            <Show when={deck.endedTitle()}>
              {(title) => (
                <Note
                  tone="plain"
                  action={
                    <button type="button" class="button" onClick={() => deck.select(ALL)}>
                      Close
                    </button>
                  }
                >
                  {shown(title())} has ended.
                </Note>
              )}
            </Show>
            <Key each={deck.state.notices} by="id">
              {(notice) => (
                <Note tone={notice().level === 'warning' ? 'warning' : 'plain'}>{shown(notice().text)}</Note>
              )}
            </Key>
          </div>
          <Tabs
            class={isBar() ? 'app__body' : 'app__body app__body--list'}
            value={deck.selected()}
            onChange={(id) => deck.select(id)}
            isMain
            orientation={isBar() ? 'horizontal' : 'vertical'}
          >
            <TabBar
              instances={tabs()}
              selected={deck.selected()}
              onSelect={(id) => deck.select(id)}
              nowMs={now()}
              isNew={(id) => deck.isNew(id, now())}
              isBar={isBar()}
            />
            <TabPanel value={ALL} class="app__panel">
              <Show
                when={deck.state.instances.length > 0}
                fallback={
                  <EmptyView
                    hasLooked={deck.state.serenaHomes.length > 0}
                    serenaHomes={deck.state.serenaHomes}
                    helpers={deck.state.helperProcesses}
                    nowMs={now()}
                    history={() => <HistoryPanel about={null} changes={redOnes()} />}
                  />
                }
              >
                <Show
                  when={fitting().length > 0}
                  fallback={<NoMatch search={search()} onClear={() => setSearch('')} />}
                >
                  <AllShell
                    instances={fitting()}
                    view={preferences.current().allView}
                    onView={(allView) => preferences.change({ allView })}
                    grouping={preferences.current().grouping}
                    onGrouping={(grouping) => preferences.change({ grouping })}
                    hiddenColumns={preferences.current().hiddenColumns}
                    onHide={(hiddenColumns) => preferences.change({ hiddenColumns })}
                    choice={choice}
                    panels={{
                      table: () => (
                        <AllView
                          instances={fitting()}
                          sorting={preferences.current().sorting}
                          onSort={(sorting) => preferences.change({ sorting })}
                          grouping={preferences.current().grouping}
                          hiddenColumns={preferences.current().hiddenColumns}
                          choice={choice}
                          onOpen={(id) => deck.select(id)}
                          cpuTraces={cpuTraces()}
                          helpers={deck.state.helperProcesses}
                          nowMs={now()}
                        />
                      ),
                      logs: () => <AllLogView instances={fitting()} />,
                      stats: () => <AllStatsView instances={fitting()} />,
                      history: () => <HistoryPanel about={null} changes={redOnes()} />,
                    }}
                  />
                </Show>
              </Show>
            </TabPanel>
            <Show when={openId()} keyed>
              {(id) => (
                <TabPanel value={id} class="app__panel">
                  <Show when={deck.instance(id)}>
                    {(instance) => (
                      <InstanceView
                        instance={instance()}
                        view={preferences.current().view}
                        onView={(view) => preferences.change({ view })}
                        panels={panelsOf(instance)}
                      />
                    )}
                  </Show>
                </TabPanel>
              )}
            </Show>
          </Tabs>
        </div>
      </Show>
      <div class="app__announcement" role="status">
        {announcement()}
      </div>
      <Show when={dialogs.part()}>
        {(part) => <Dynamic component={part().PageDialogs} dialog={dialog()} onClose={closeDialog} />}
      </Show>
    </PageProvider>
  )
}
