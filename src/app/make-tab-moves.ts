// Moves and pins tabs, says where they are now, and offers to undo it.
import { countOf } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import type { TabMoves as TabBarMoves } from '../features/instances/tab-bar.tsx'
import type { DeckStore } from '../state/deck-store.ts'
import type { PreferenceStore } from '../state/preferences.ts'
import type { Announcer } from './create-announcer.ts'
import type { DeckView } from './create-deck-view.ts'

export interface TabMoves extends TabBarMoves {
  setPinned(id: string, isPinned: boolean): void
  /** Whether there is a place before (-1) or after (1) it. */
  canMove(id: string, step: 1 | -1): boolean
}

interface MoveInput {
  deck: Pick<DeckStore, 'instance'>
  view: DeckView
  preferences: PreferenceStore
  announcer: Pick<Announcer, 'announce'>
}

export function makeTabMoves({ deck, view, preferences, announcer }: MoveInput): TabMoves {
  const idsOfTabs = (): string[] => view.tabs().map((one) => one.id)
  const titleOf = (id: string): string => visibleLine(deck.instance(id)?.title ?? 'The tab')
  const changeWithUndo = (change: () => void, sentence: () => string): void => {
    const { tabOrder, pinnedTabs } = preferences.current()
    change()
    announcer.announce(sentence(), {
      label: 'Undo',
      run: () => preferences.change({ tabOrder, pinnedTabs }),
    })
  }
  const onMove = (id: string, before: string | null): void =>
    changeWithUndo(
      () => view.moveTab(id, before),
      () => {
        const ids = idsOfTabs()
        return `${titleOf(id)} is tab ${ids.indexOf(id) + 1} of ${countOf(ids.length, 'instance')}.`
      },
    )
  /** The tab at that side; undefined: none, or only one of these two is pinned. */
  const neighborOf = (id: string, step: 1 | -1): string | undefined => {
    const ids = idsOfTabs()
    const next = ids[ids.indexOf(id) + step]
    return next !== undefined && view.isPinned(next) === view.isPinned(id) ? next : undefined
  }
  return {
    isPinned: view.isPinned,
    setPinned: (id, isPinned) =>
      changeWithUndo(
        () => view.setPinned(id, isPinned),
        () => `${titleOf(id)} is ${isPinned ? 'pinned: its tab stays first' : 'no longer pinned'}.`,
      ),
    onMove,
    canMove: (id, step) => neighborOf(id, step) !== undefined,
    onMoveBy(id, step) {
      const next = neighborOf(id, step)
      if (next !== undefined) onMove(id, step === -1 ? next : view.tabAfter(next))
    },
  }
}
