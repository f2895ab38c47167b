// The header with the state of the page.
import { type JSX, untrack } from 'solid-js'
import { problemsText } from '../features/health/health-words.ts'
import { Header } from '../features/instances/header.tsx'
import type { MainMenuProps } from '../features/instances/main-menu.tsx'
import { ALL } from '../state/tab-selection.ts'
import type { PageModel } from './create-page-model.ts'
import { commandsOf } from './palette-commands.ts'

export function PageHeader(props: { model: PageModel }): JSX.Element {
  const { deck, view, preferences, platform } = untrack(() => props.model)
  return (
    <Header
      summary={view.summary()}
      savedBytes={deck.hub()?.savedBytes ?? null}
      search={view.search()}
      onSearch={view.setSearch}
      searchRef={(focus) => props.model.setSearchFocus(focus)}
      hasSideList={props.model.hasSideList()}
      onSideList={(hasSideList) => preferences.change({ hasSideList })}
      isPinned={platform.window ? preferences.current().isPinned : null}
      onPin={(isPinned) => preferences.change({ isPinned })}
      menu={menuOf(props.model)}
      health={problemsText(props.model.health.count())}
      onHealth={() => showHealth(props.model)}
    />
  )
}

/** In the All tab, where it is one of the views. */
function showHealth({ deck, view, preferences }: Pick<PageModel, 'deck' | 'view' | 'preferences'>): void {
  // A search without a match shows no view.
  if (view.matching().length === 0) view.setSearch('')
  preferences.change({ allView: 'health' })
  deck.select(ALL)
}

/** Returns getters, so that a change updates only the place where the menu shows the value. */
function menuOf(model: PageModel): MainMenuProps {
  const { deck, view, preferences, platform, announcer, dialogs, notifications } = model
  return {
    get theme() {
      return preferences.current().theme
    },
    onTheme: (theme) => preferences.change({ theme }),
    onRefresh: () => void deck.sweep().then(() => announcer.announce('Refreshed.'), announcer.announceError),
    onPalette: () => dialogs.open({ kind: 'palette', commands: commandsOf(model) }),
    onShortcuts: () => dialogs.open({ kind: 'shortcuts' }),
    onHealth: () => showHealth({ deck, view, preferences }),
    onSettings: () => dialogs.open({ kind: 'settings' }),
    onHide: platform.window && (() => platform.window?.hide()),
    get notifies() {
      return notifications.isOn()
    },
    onNotifies: (isOn) => void notifications.set(isOn),
  }
}
