// The last instance list of this browser tab, for the first paint after a reload. Session storage is deleted with the tab.

import * as z from 'zod/mini'
import { type InstanceList, instanceListSchema } from '#contract/instance'
import { LIST_VERSION } from '#contract/versions'
import { type DeckState, deckOf } from './deck-state.ts'

const LAST_LIST_KEY = 'serena-deck.last-list'

/** Returns the stored list; null: none, or a list of another version. */
export function readStoredList(): DeckState | null {
  try {
    return deckOf(z.parse(instanceListSchema, JSON.parse(sessionStorage.getItem(LAST_LIST_KEY) ?? 'null')))
  } catch {
    return null
  }
}

export function writeStoredList({
  instances,
  notices,
  serenaHomes,
  helperProcesses,
  sweptAt,
}: DeckState): void {
  const list: InstanceList = {
    schema: LIST_VERSION,
    sweptAt: sweptAt ?? '',
    serenaHomes: [...serenaHomes],
    instances: [...instances],
    notices: [...notices],
    helperProcesses: [...helperProcesses],
  }
  try {
    sessionStorage.setItem(LAST_LIST_KEY, JSON.stringify(list))
  } catch {
    // The storage is full: after the next reload the page waits for the stream.
  }
}
