// The instances as the page shows them: events of the stream, reduced into one store.
import { type Accessor, batch, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import type { EndingEvent } from '#contract/ending'
import type { DeckEvent } from '#contract/events'
import type { HubStatus } from '#contract/hub'
import type { Instance, InstanceList } from '#contract/instance'
import type { Backend } from '../client/backend.ts'
import { type Connection, type EventPump, makeEventPump } from '../client/event-pump.ts'
import { createConnectionState } from './connection-state.ts'
import { type DeckState, deckOf, EMPTY_DECK, reduceDeck, selectionAfter } from './deck-state.ts'
import { createNewMarks } from './new-marks.ts'
import { readStoredList, writeStoredList } from './stored-list.ts'
import { ALL, createTabSelection } from './tab-selection.ts'

/** An event that changes the list. */
type ListEvent = Exclude<DeckEvent, { type: 'ending' | 'hub' }>

export type EndingProgress = Pick<EndingEvent, 'step' | 'text'>

export interface DeckStore {
  readonly state: DeckState
  instance(id: string): Instance | undefined
  connection: Accessor<Connection>
  /** When the connection was lost, epoch ms; null: it is not lost. */
  lostAtMs: Accessor<number | null>
  /** True while the list is the stored one of an earlier visit, before the backend has sent one. */
  isCached: Accessor<boolean>
  /** An instance's id or `all`. */
  selected: Accessor<string>
  select(id: string): void
  /** The title of the selected instance that has just exited; null: none. */
  endedTitle: Accessor<string | null>
  /** The state of the hub; null: no hub is running, or it is not known yet. */
  hub: Accessor<HubStatus | null>
  /** The latest progress of ending that instance. */
  ending(id: string): EndingProgress | undefined
  /** True for an instance that started while the page was open and has not been opened yet. */
  isNew(id: string, nowMs: number): boolean
  /** Scans for instances now. */
  sweep(): Promise<void>
}

/** The content of the page before the first event. */
export interface InitialState {
  /** The list the backend sent with the page; absent: the stored list of this browser tab, marked as old. */
  list?: InstanceList | undefined
  /** The tab that was open when this page was last closed. */
  tab?: string | undefined
  /** Called when a Serena takes over the tab of its launcher. */
  onHandover?: (from: string, to: string) => void
}

/** Creates a store of the backend's event stream, until the owner is disposed. */
export function createDeckStore(
  backend: Backend,
  isVisible: Accessor<boolean>,
  { list, tab, onHandover }: InitialState,
): DeckStore {
  const stored = list ? null : readStoredList()
  const [state, setState] = createSignal(list ? deckOf(list) : (stored ?? EMPTY_DECK))
  const [isCached, setIsCached] = createSignal(stored !== null)
  const endings = createEndings()
  const [hub, setHub] = createSignal<HubStatus | null>(null)
  const byId = createMemo(() => new Map(state().instances.map((one) => [one.id, one])))
  const { connection, lostAtMs, update } = createConnectionState()
  const { selected, select, endedTitle, follow } = createTabSelection(tab)
  const newMarks = createNewMarks(isVisible, selected)

  /** Shows the new list, and selects another tab if the selected one is gone. */
  const apply = (event: ListEvent, before: DeckState, next: DeckState): void =>
    batch(() => {
      if (event.type === 'delta') for (const { from, to } of event.handovers) onHandover?.(from, to)
      setState(next)
      setIsCached(false)
      newMarks.update(event, before)
      const after = selected() === ALL ? ALL : selectionAfter(selected(), event, before)
      follow(after, (id) => before.instances.find((one) => one.id === id)?.title ?? null)
    })
  const pump = makeEventPump({
    backend,
    isVisible,
    onConnection: update,
    onEvent: (event) => {
      if (event.type === 'ending') return endings.update(event)
      if (event.type === 'hub') return void setHub(event.hub)
      const before = untrack(state)
      const next = reduceDeck(before, event)
      if (next === 'missed') return pump.restart()
      if (next !== before) apply(event, before, next)
    },
  })
  keepOpen(pump, isVisible)
  keepForReload(() => untrack(state))

  return {
    get state() {
      return state()
    },
    instance: (id) => byId().get(id),
    connection,
    lostAtMs,
    isCached,
    selected,
    select,
    endedTitle,
    hub,
    ending: endings.get,
    isNew: newMarks.isNew,
    // The results arrive as changes on the stream.
    sweep: async () => void (await backend.call('sweep')),
  }
}

/** The latest progress of each instance that is being ended. */
function createEndings() {
  const [endings, setEndings] = createSignal<ReadonlyMap<string, EndingProgress>>(new Map())
  return {
    get: (id: string): EndingProgress | undefined => endings().get(id),
    update: ({ id, step, text }: EndingEvent): void => {
      setEndings((before) => new Map(before).set(id, { step, text }))
    },
  }
}

/** Reports the visibility of the page, and closes the stream with the owner. */
function keepOpen(pump: EventPump, isVisible: Accessor<boolean>): void {
  createEffect(() => {
    isVisible()
    pump.reportVisibility()
  })
  onCleanup(() => pump.close())
}

/** Stores the list when the page is left, not at each change. */
function keepForReload(state: () => DeckState): void {
  const store = (): void => writeStoredList(state())
  addEventListener('pagehide', store)
  onCleanup(() => removeEventListener('pagehide', store))
}
