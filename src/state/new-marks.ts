// The "new" marks of the tabs.
import { type Accessor, createEffect, createSignal } from 'solid-js'
import type { DeckEvent } from '#contract/events'
import type { DeckState } from './deck-state.ts'
import { isNew, markSeen, type NewInstances, newInstancesAfter, withoutInstance } from './new-instances.ts'

export interface NewMarks {
  isNew(id: string, nowMs: number): boolean
  /** `list`: the list before the event. */
  update(event: DeckEvent, list: Pick<DeckState, 'instances' | 'serenaHomes'>): void
}

/** Creates the marks, which expire after enough visible time or when the tab is selected. */
export function createNewMarks(isVisible: Accessor<boolean>, selected: Accessor<string>): NewMarks {
  const [newInstances, setNewInstances] = createSignal<NewInstances>(new Map())
  createEffect(() => {
    if (isVisible()) setNewInstances((before) => markSeen(before, Date.now()))
  })
  createEffect(() => {
    const id = selected()
    setNewInstances((before) => withoutInstance(before, id))
  })
  return {
    isNew: (id, nowMs) => isNew(newInstances(), id, nowMs),
    update: (event, list) =>
      setNewInstances((before) => newInstancesAfter(before, event, list, isVisible() ? Date.now() : null)),
  }
}
