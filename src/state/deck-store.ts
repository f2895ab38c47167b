// The deck as the page sees it: the stream's events reduced into one store, with the last list kept for the next first paint.
import { type Accessor, batch, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import * as z from 'zod/mini'
import type { EndingEvent } from '#contract/ending'
import { type Instance, type InstanceList, instanceListSchema, SCHEMA_VERSION } from '#contract/instance'
import type { Backend } from '../client/backend.ts'
import { type Connection, makeEventPump } from '../client/event-pump.ts'
import { forgetToken } from '../client/session.ts'
import { type DeckState, deckOf, EMPTY_DECK, reduceDeck, selectionAfter } from './deck-state.ts'
import { isNew, type Newcomers, newcomersAfter, seenNow, withoutNewcomer } from './newcomers.ts'

/** Session storage: it goes with the tab, and is read only beside a token. */
const LAST_LIST_KEY = 'serena-deck.last-list'
const SELECTED_KEY = 'serena-deck.selected'
export const ALL = 'all'

export type EndingProgress = Pick<EndingEvent, 'step' | 'text'>

export interface DeckStore {
  readonly state: DeckState
  instance(id: string): Instance | undefined
  connection: Accessor<Connection>
  /** When the connection was lost, epoch ms. */
  lostAtMs: Accessor<number | null>
  /** True while what is shown comes from the last visit, not from the backend. */
  isRemembered: Accessor<boolean>
  /** An instance's id or `all`. */
  selected: Accessor<string>
  select(id: string): void
  /** The title of the selected instance that ended just now; null: none did. */
  endedTitle: Accessor<string | null>
  /** The newest step of the ending of that instance. */
  ending(id: string): EndingProgress | undefined
  /** It came while the page was open, and has not been opened yet. */
  isNew(id: string, nowMs: number): boolean
  /** Looks at everything now. */
  sweep(): Promise<void>
}

/** What the page begins with, before its stream tells. */
export interface FirstLook {
  /** What the backend knew a moment ago; absent: what this browser tab kept is shown meanwhile, marked as old. */
  list?: InstanceList | undefined
  /** The tab that was open when this page was last closed. */
  tab?: string | undefined
}

/** A store on the backend's stream, until the owner is disposed. */
export function createDeckStore(
  backend: Backend,
  isVisible: Accessor<boolean>,
  { list, tab: lastTab = ALL }: FirstLook,
): DeckStore {
  const remembered = list ? null : readLastList()
  const first = list ? deckOf(list) : (remembered ?? EMPTY_DECK)
  const [state, setState] = createSignal(first)
  const [connection, setConnection] = createSignal<Connection>('connecting')
  const [lostAtMs, setLostAtMs] = createSignal<number | null>(null)
  const [isRemembered, setIsRemembered] = createSignal(remembered !== null)
  const [selected, setSelected] = createSignal(sessionStorage.getItem(SELECTED_KEY) ?? lastTab)
  const [endings, setEndings] = createSignal<ReadonlyMap<string, EndingProgress>>(new Map())
  const [newcomers, setNewcomers] = createSignal<Newcomers>(new Map())
  const [endedTitle, setEndedTitle] = createSignal<string | null>(null)
  const byId = createMemo(() => new Map(state().instances.map((one) => [one.id, one])))
  const instance = (id: string): Instance | undefined => byId().get(id)

  const pump = makeEventPump({
    backend,
    isVisible,
    onConnection: (next) => {
      setConnection(next)
      if (next === 'lost') setLostAtMs((at) => at ?? Date.now())
      if (next === 'open') setLostAtMs(null)
      if (next === 'unauthorized') forgetToken()
    },
    onEvent: (event) => {
      if (event.type === 'ending') {
        const { id, step, text } = event
        setEndings((before) => new Map(before).set(id, { step, text }))
        return
      }
      const before = untrack(state)
      const next = reduceDeck(before, event)
      if (next === 'missed') {
        pump.restart()
        return
      }
      if (next === before) return
      batch(() => {
        setState(next)
        setIsRemembered(false)
        setNewcomers(newcomersAfter(newcomers(), event, before.instances, isVisible() ? Date.now() : null))
        follow(selected() === ALL ? ALL : selectionAfter(selected(), event, before), before)
      })
    },
  })

  function follow(to: string | null, before: DeckState): void {
    if (to === selected()) return
    // One that this page never showed ended while it was closed: nobody was looking at it.
    if (to === null) setEndedTitle(before.instances.find(({ id }) => id === selected())?.title ?? null)
    setSelected(to ?? ALL)
  }

  // A reload shows at once what was there: kept when the page goes, not at each of its changes.
  const remember = (): void => writeLastList(untrack(state))
  addEventListener('pagehide', remember)

  createEffect(() => {
    if (isVisible()) setNewcomers((before) => seenNow(before, Date.now()))
    pump.tellVisible()
  })
  createEffect(() => {
    const id = selected()
    setNewcomers((before) => withoutNewcomer(before, id))
  })
  createEffect(() => sessionStorage.setItem(SELECTED_KEY, selected()))
  onCleanup(() => {
    removeEventListener('pagehide', remember)
    pump.close()
  })

  return {
    get state() {
      return state()
    },
    instance,
    connection,
    lostAtMs,
    isRemembered,
    selected,
    select(id) {
      batch(() => {
        setEndedTitle(null)
        setSelected(id)
      })
    },
    endedTitle,
    ending: (id) => endings().get(id),
    isNew: (id, nowMs) => isNew(newcomers(), id, nowMs),
    async sweep() {
      // What it finds comes back as changes on the stream.
      await backend.call('sweep')
    },
  }
}

function readLastList(): DeckState | null {
  try {
    return deckOf(z.parse(instanceListSchema, JSON.parse(sessionStorage.getItem(LAST_LIST_KEY) ?? 'null')))
  } catch {
    // Nothing kept, or by another version: the stream will tell.
    return null
  }
}

function writeLastList({ instances, notices, serenaHomes, helperProcesses, sweptAt }: DeckState): void {
  const list: InstanceList = {
    schema: SCHEMA_VERSION,
    sweptAt: sweptAt ?? '',
    serenaHomes: [...serenaHomes],
    instances: [...instances],
    notices: [...notices],
    helperProcesses: [...helperProcesses],
  }
  try {
    sessionStorage.setItem(LAST_LIST_KEY, JSON.stringify(list))
  } catch {
    // The storage is full: the next first paint waits for the stream.
  }
}
