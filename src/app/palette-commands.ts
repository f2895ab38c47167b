// What the command palette offers: instances, views and actions.
import { ALL_VIEWS, VIEWS } from '#contract/views'
import { visibleLine } from '#contract/visible-text'
import type { DeckStore } from '../state/deck-store.ts'
import { GROUPINGS } from '../state/deck-summary.ts'
import type { Command, PageDialog } from '../state/page-dialog.ts'
import { type PreferenceStore, THEMES } from '../state/preferences.ts'
import { ALL } from '../state/tab-selection.ts'
import type { Announcer } from './create-announcer.ts'
import type { DeckView } from './create-deck-view.ts'

/** The parts of the page that commands change. */
interface CommandInput {
  deck: DeckStore
  view: DeckView
  preferences: PreferenceStore
  announcer: Announcer
  dialogs: { open(dialog: PageDialog): void }
  killAll: () => void
}

/** Returns the commands of this moment, instances first. */
export function commandsOf(model: CommandInput): readonly Command[] {
  return [...instanceCommands(model), ...viewCommands(model), ...actionCommands(model)]
}

const instanceCommands = ({ deck, view }: CommandInput): Command[] =>
  view.tabs().map((instance) => ({
    id: instance.id,
    label: visibleLine(instance.title),
    hint: [instance.state, instance.owner?.name ?? ''].filter((part) => part !== '').join(' · '),
    instance,
    run: () => deck.select(instance.id),
  }))

function viewCommands({ deck, view, preferences }: CommandInput): Command[] {
  const opened = view.opened()
  const ofInstance = VIEWS.map((name) => ({
    id: `view-${name}`,
    label: `Show ${name}`,
    hint: 'this instance',
    run: () => preferences.change({ view: name }),
  }))
  const ofAll = ALL_VIEWS.map((name) => ({
    id: `all-${name}`,
    label: `Show ${name === 'table' ? 'instances' : name}`,
    hint: 'all instances',
    run: () => {
      preferences.change({ allView: name })
      deck.select(ALL)
    },
  }))
  return [...(opened ? ofInstance : []), ...ofAll]
}

function actionCommands({ deck, view, preferences, announcer, dialogs, killAll }: CommandInput): Command[] {
  const action = (id: string, label: string, run: () => void, hint = ''): Command => ({
    id,
    label,
    hint,
    run,
  })
  return [
    action('kill', 'Kill all zombies …', killAll, 'Ctrl+Shift+K'),
    action('red', 'Show only zombies', () => view.setSearch('state:red'), 'filter'),
    action('all', 'Show all instances', () => view.setSearch(''), 'filter'),
    action(
      'refresh',
      'Refresh',
      () => void deck.sweep().then(() => announcer.announce('Refreshed.'), announcer.announceError),
    ),
    action('settings', 'Settings …', () => dialogs.open({ kind: 'settings' })),
    action('shortcuts', 'Keyboard shortcuts', () => dialogs.open({ kind: 'shortcuts' }), '?'),
    ...GROUPINGS.map((grouping) =>
      action(`group-${grouping}`, `Group by ${grouping}`, () => {
        preferences.change({ grouping, allView: 'table' })
        deck.select(ALL)
      }),
    ),
    ...THEMES.map((theme) =>
      action(`theme-${theme}`, `Theme: ${theme}`, () => preferences.change({ theme })),
    ),
  ]
}
