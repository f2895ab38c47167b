// The view state of the deck: search, tabs, open instance, summary.
import { type Accessor, createMemo, createSignal, type Setter } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import type { DeckStore } from '../state/deck-store.ts'
import { type DeckSummary, summarize } from '../state/deck-summary.ts'
import { matchesSearch } from '../state/instance-filter.ts'
import type { PreferenceStore } from '../state/preferences.ts'
import { createRowSelection, type RowSelection } from '../state/row-selection.ts'
import { arrangeTabs, moveBefore } from '../state/tab-order.ts'
import { ALL } from '../state/tab-selection.ts'

export interface DeckView {
  search: Accessor<string>
  setSearch: Setter<string>
  /** The instances that match the search. */
  matching: Accessor<readonly Instance[]>
  /** The matching instances and the open one, in the order of their tabs. */
  tabs: Accessor<readonly Instance[]>
  /** The open instance; undefined: the All tab is open. */
  opened: Accessor<Instance | undefined>
  /** Opens a tab by number, 1 is All; false: there is none. */
  openNumbered(number: number): boolean
  /** Moves a tab in front of another; null: to the end. */
  moveTab(id: string, before: string | null): void
  /** The tab after this one, also if the search hides it; null: it is the last. */
  tabAfter(id: string): string | null
  isPinned(id: string): boolean
  /** Pinned tabs stay first. */
  setPinned(id: string, isPinned: boolean): void
  summary: Accessor<DeckSummary>
  selection: RowSelection
  /** Changes when the history may have changed: an instance started, exited or changed its color. */
  historyKey: Accessor<string>
  /** The title of the window. */
  title: Accessor<string>
}

export function createDeckView(deck: DeckStore, preferences: PreferenceStore): DeckView {
  const [search, setSearch] = createSignal('')
  const matches = createMemo(() => matchesSearch(search()))
  const matching = createMemo(() => deck.state.instances.filter((one) => matches()(one)))
  const arranged = createMemo(() => {
    const { tabOrder, pinnedTabs } = preferences.current()
    return arrangeTabs(deck.state.instances, { order: tabOrder, pinned: pinnedTabs })
  })
  const tabs = createMemo(() => arranged().filter((one) => one.id === deck.selected() || matches()(one)))
  const opened = createMemo(() => deck.instance(deck.selected()))
  const summary = createMemo(() => summarize(deck.state.instances))
  const historyKey = createMemo(() => deck.state.instances.map(({ id, colour }) => id + colour).join())
  const title = createMemo(() => titleOf(deck, summary(), opened()))
  return {
    search,
    setSearch,
    matching,
    tabs,
    opened,
    summary,
    selection: createRowSelection(() => matching()),
    historyKey,
    title,
    openNumbered(number) {
      const id = [ALL, ...tabs().map((one) => one.id)][number - 1]
      if (id !== undefined) deck.select(id)
      return id !== undefined
    },
    moveTab(id, before) {
      const ids = arranged().map((one) => one.id)
      preferences.change({ tabOrder: moveBefore(ids, id, before) })
    },
    tabAfter(id) {
      const ids = arranged().map((one) => one.id)
      return ids[ids.indexOf(id) + 1] ?? null
    },
    isPinned: (id) => preferences.current().pinnedTabs.includes(id),
    setPinned(id, isPinned) {
      // Instances that have exited are forgotten.
      const others = preferences.current().pinnedTabs.filter((one) => one !== id && deck.instance(one))
      preferences.change({ pinnedTabs: isPinned ? [...others, id] : others })
    },
  }
}

function titleOf(deck: DeckStore, { byColor }: DeckSummary, instance: Instance | undefined): string {
  if (deck.lostAtMs()) return 'Not connected – Serena Deck'
  const prefix = byColor.red > 0 ? `(${byColor.red} ✕) ` : ''
  return `${prefix}${instance ? `${visibleLine(instance.title)} – ` : ''}Serena Deck`
}
