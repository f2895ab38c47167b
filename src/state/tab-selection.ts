// The selected tab, kept for a reload of the browser tab.
import { type Accessor, batch, createEffect, createSignal } from 'solid-js'

const SELECTED_KEY = 'serena-deck.selected'
export const ALL = 'all'

export interface TabSelection {
  /** An instance's id or `all`. */
  selected: Accessor<string>
  select(id: string): void
  /** The title of the selected instance that has just exited; null: none. */
  endedTitle: Accessor<string | null>
  /** Moves the selection after an event; null: the selected instance has exited. `titleOf` returns its last title. */
  follow(to: string | null, titleOf: (id: string) => string | null): void
}

/** Creates the selection with the stored tab, otherwise with the given one. */
export function createTabSelection(initial = ALL): TabSelection {
  const [selected, setSelected] = createSignal(sessionStorage.getItem(SELECTED_KEY) ?? initial)
  const [endedTitle, setEndedTitle] = createSignal<string | null>(null)
  createEffect(() => sessionStorage.setItem(SELECTED_KEY, selected()))
  return {
    selected,
    endedTitle,
    select(id) {
      batch(() => {
        setEndedTitle(null)
        setSelected(id)
      })
    },
    follow(to, titleOf) {
      if (to === selected()) return
      // An instance that exited before the page showed it has no title here, and no message is shown.
      if (to === null) setEndedTitle(titleOf(selected()))
      setSelected(to ?? ALL)
    },
  }
}
