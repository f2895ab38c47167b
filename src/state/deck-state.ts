// Events in, the next state out. Pure: the one place that knows how snapshots and changes become the list on the page.
import type { DeckEvent } from '#contract/events'
import type { HelperProcess } from '#contract/helper-process'
import type { Instance, InstanceList, Notice } from '#contract/instance'

export interface DeckState {
  /** Oldest first; a tab keeps its place while it lives. */
  instances: readonly Instance[]
  /** By id: what the order goes by. A Serena that grew out of its launcher's tab keeps the launcher's. */
  places: Readonly<Record<string, number>>
  sequence: number
  sweptAt: string | null
  notices: readonly Notice[]
  serenaHomes: readonly string[]
  helperProcesses: readonly HelperProcess[]
}

export const EMPTY_DECK: DeckState = {
  instances: [],
  places: {},
  sequence: 0,
  sweptAt: null,
  notices: [],
  serenaHomes: [],
  helperProcesses: [],
}

/** A whole list as a state; a tab that has a place keeps it. */
export function deckOf(
  { instances, notices, serenaHomes, helperProcesses = [], sweptAt }: InstanceList,
  sequence = 0,
  places: DeckState['places'] = {},
): DeckState {
  return { ...arrange(instances, places), sequence, sweptAt, notices, serenaHomes, helperProcesses }
}

/** The next state; `missed` when a change was lost on the way and the snapshot must be taken anew. */
export function reduceDeck(state: DeckState, event: DeckEvent): DeckState | 'missed' {
  switch (event.type) {
    case 'hello':
    case 'ending':
      return state
    case 'snapshot':
      return deckOf(event.list, event.sequence, state.places)
    case 'delta': {
      if (event.sequence !== state.sequence + 1) return 'missed'
      const gone = new Set([...event.removed, ...event.passed.map(({ from }) => from)])
      const changed = new Map(event.changed.map((instance) => [instance.id, instance]))
      const kept = state.instances.filter(({ id }) => !gone.has(id) && !changed.has(id))
      const places = { ...state.places }
      for (const { from, to } of event.passed) {
        const place = places[from]
        if (place !== undefined) places[to] = place
      }
      return {
        ...arrange([...kept, ...changed.values()], places),
        sequence: event.sequence,
        sweptAt: event.sweptAt,
        notices: event.notices ?? state.notices,
        serenaHomes: event.serenaHomes ?? state.serenaHomes,
        helperProcesses: event.helperProcesses ?? state.helperProcesses,
      }
    }
  }
}

function arrange(
  instances: readonly Instance[],
  known: Readonly<Record<string, number>>,
): Pick<DeckState, 'instances' | 'places'> {
  const places: Record<string, number> = {}
  for (const { id, startedAt } of instances)
    places[id] = known[id] ?? (startedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(startedAt))
  const placeOf = ({ id }: Instance): number => places[id] ?? 0
  const ordered = [...instances].sort((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1))
  return { instances: ordered, places }
}

/** Where a selected tab went: to its Serena, nowhere (null), or it stayed. `before`: the state without the event. */
export function selectionAfter(selected: string, event: DeckEvent, before: DeckState): string | null {
  if (event.type === 'hello' || event.type === 'ending') return selected
  const isIn = (instances: readonly Instance[]): boolean => instances.some(({ id }) => id === selected)
  // Until its first look the backend knows of nobody, and of no home.
  if (event.type === 'snapshot')
    return event.list.serenaHomes.length === 0 || isIn(event.list.instances) ? selected : null
  const isFirstLook = before.serenaHomes.length === 0 && event.serenaHomes !== null
  if (isFirstLook && !isIn(event.changed)) return null
  const passed = event.passed.find(({ from }) => from === selected)
  if (passed) return passed.to
  return event.removed.includes(selected) ? null : selected
}
