// The state of the whole page, which connects its parts.
import { type Accessor, createEffect, createMemo, createSignal, onCleanup, onMount } from 'solid-js'
import type { Backend } from '../client/backend.ts'
import { makePageKeys } from '../features/shortcuts/page-keys.ts'
import { connectWindow } from '../features/window/connect-window.ts'
import type { Platform } from '../platform/platform.ts'
import { createClock } from '../state/clock.ts'
import { createDeckStore, type DeckStore } from '../state/deck-store.ts'
import { createHealthStore, type HealthStore } from '../state/health-store.ts'
import { createMediaMatch } from '../state/media-match.ts'
import type { PageContext } from '../state/page-context.ts'
import { createPageVisible } from '../state/page-visible.ts'
import { applyTheme, type PreferenceStore, type Preferences } from '../state/preferences.ts'
import { afterHandover } from '../state/tab-order.ts'
import { createUsageStore } from '../state/usage-store.ts'
import { type Announcer, createAnnouncer } from './create-announcer.ts'
import { createDeckView, type DeckView } from './create-deck-view.ts'
import { createDialogHost, type DialogHost } from './create-dialog-host.ts'
import { createZombieNotifications, type NotificationSwitch } from './create-zombie-notifications.ts'
import { makeTabMoves, type TabMoves } from './make-tab-moves.ts'
import { openView } from './open-view.ts'
import { commandsOf } from './palette-commands.ts'

/** From this width on, the tabs can be a list beside the selected one. */
const SIDE_LIST_WIDTH = '(min-width: 1200px)'

export interface PageInput {
  backend: Backend
  platform: Platform
  preferences: PreferenceStore
}

export interface PageModel extends PageInput {
  deck: DeckStore
  view: DeckView
  announcer: Announcer
  dialogs: DialogHost
  context: PageContext
  notifications: NotificationSwitch
  health: HealthStore
  tabMoves: TabMoves
  /** True without access to the backend. */
  isLocked: Accessor<boolean>
  /** Null: the window is too narrow for a list of tabs beside the selected one. */
  hasSideList: Accessor<boolean | null>
  /** Sets the function that opens and focuses the search field. */
  setSearchFocus(focus: () => void): void
  killAll(): void
}

export function createPageModel({ backend, platform, preferences }: PageInput): PageModel {
  const isVisible = createPageVisible()
  const deck = createDeckStore(backend, isVisible, {
    list: platform.firstList,
    tab: platform.window && preferences.current().tab,
    onHandover: (from, to) => preferences.change(handedOver(preferences.current(), from, to)),
  })
  const view = createDeckView(deck, preferences)
  const announcer = createAnnouncer(platform)
  const open = (tab: string | null, view: string | null): void =>
    openView({ tab, view }, { select: deck.select, preferences, announce: announcer.announce })
  open(platform.initialTab(), platform.initialView())
  const isLocked = createMemo(
    () => deck.connection() === 'unauthorized' || deck.connection() === 'other-version',
  )
  const dialogs = createDialogHost({ isLocked, announce: announcer.announce })
  const context = createContext({ backend, platform, deck, announcer, dialogs, isVisible })
  let focusSearch = (): void => undefined
  const isWide = createMediaMatch(SIDE_LIST_WIDTH)
  const killAll = (): void => {
    if (view.summary().byColor.red === 0) announcer.announce('There are no zombies.')
    else if (dialogs.dialog() === null) dialogs.open({ kind: 'ending', title: 'Kill all zombies', ids: null })
  }
  const model: PageModel = {
    backend,
    platform,
    preferences,
    deck,
    view,
    announcer,
    dialogs,
    context,
    notifications: createZombieNotifications({ deck, platform, preferences, announcer }),
    health: createHealthStore(backend, () => isVisible() && deck.connection() === 'open'),
    tabMoves: makeTabMoves({ deck, view, preferences, announcer }),
    isLocked,
    hasSideList: () => (isWide() ? preferences.current().hasSideList : null),
    setSearchFocus(focus) {
      focusSearch = focus
    },
    killAll,
  }
  applyTheme(() => preferences.current().theme)
  createEffect(() => {
    document.title = view.title()
  })
  listenForKeys(model, () => focusSearch())
  if (platform.window) {
    const { title, summary } = view
    const { selected: tab } = deck
    connectWindow(platform.window, { title, tab, preferences, summary, killAll, open })
  }
  return model
}

/** Returns the preferences after a Serena took over the tab of its launcher. */
function handedOver({ tabOrder, pinnedTabs }: Preferences, from: string, to: string): Partial<Preferences> {
  const { order, pinned } = afterHandover({ order: tabOrder, pinned: pinnedTabs }, from, to)
  return { tabOrder: [...order], pinnedTabs: [...pinned] }
}

function createContext({
  backend,
  platform,
  deck,
  announcer,
  dialogs,
  isVisible,
}: Pick<PageModel, 'backend' | 'platform' | 'deck' | 'announcer' | 'dialogs'> & {
  isVisible: Accessor<boolean>
}): PageContext {
  const [changes, setChanges] = createSignal(0)
  return {
    backend,
    connection: deck.connection,
    now: createClock(isVisible),
    isVisible,
    hasNativeWindow: platform.window !== undefined,
    announce: announcer.announce,
    copy: announcer.copy,
    saveText: platform.saveText,
    hub: deck.hub,
    usage: createUsageStore(backend, () => isVisible() && deck.connection() === 'open'),
    ending: deck.ending,
    instance: deck.instance,
    select: deck.select,
    open: dialogs.open,
    changes,
    changed(sentence, action) {
      setChanges((count) => count + 1)
      if (sentence !== null) announcer.announce(sentence, action)
    },
  }
}

function listenForKeys(model: PageModel, search: () => void): void {
  const { view, dialogs, killAll, platform, preferences, announcer } = model
  const onKeyDown = makePageKeys({
    openNumbered: view.openNumbered,
    killAll,
    search,
    palette: () => {
      if (dialogs.dialog() === null) dialogs.open({ kind: 'palette', commands: commandsOf(model) })
    },
    undo: () => dialogs.dialog() === null && announcer.runAction(),
    help: () => {
      if (dialogs.dialog() === null) dialogs.open({ kind: 'shortcuts' })
    },
    window: platform.window ? preferences : null,
  })
  onMount(() => document.addEventListener('keydown', onKeyDown))
  onCleanup(() => document.removeEventListener('keydown', onKeyDown))
}
