// Reduces snapshots and changes of the event stream to the list on the page. Pure.
import type { DeckEvent } from '#contract/events'
import type { HelperProcess } from '#contract/helper-process'
import type { Instance, InstanceList, Notice } from '#contract/instance'

export interface DeckState {
  /** Oldest first; a tab keeps its position as long as it exists. */
  instances: readonly Instance[]
  /** Sort key by id. A Serena that replaces its launcher's tab keeps its position. */
  positions: Readonly<Record<string, number>>
  sequence: number
  sweptAt: string | null
  notices: readonly Notice[]
  serenaHomes: readonly string[]
  helperProcesses: readonly HelperProcess[]
}

export const EMPTY_DECK: DeckState = {
  instances: [],
  positions: {},
  sequence: 0,
  sweptAt: null,
  notices: [],
  serenaHomes: [],
  helperProcesses: [],
}

/** Returns the state of a complete list; known tabs keep their positions. */
export function deckOf(
  { instances, notices, serenaHomes, helperProcesses = [], sweptAt }: InstanceList,
  sequence = 0,
  positions: DeckState['positions'] = {},
): DeckState {
  return { ...arrange(instances, positions), sequence, sweptAt, notices, serenaHomes, helperProcesses }
}

/** Returns the next state; `missed`: a change was lost, and a new snapshot is needed. */
export function reduceDeck(state: DeckState, event: DeckEvent): DeckState | 'missed' {
  switch (event.type) {
    case 'hello':
    case 'ending':
    case 'hub':
      return state
    case 'snapshot':
      return deckOf(event.list, event.sequence, state.positions)
    case 'delta': {
      if (event.sequence !== state.sequence + 1) return 'missed'
      const removed = new Set([...event.removed, ...event.handovers.map(({ from }) => from)])
      const changed = new Map(event.changed.map((instance) => [instance.id, instance]))
      const kept = state.instances.filter(({ id }) => !removed.has(id) && !changed.has(id))
      const positions = { ...state.positions }
      for (const { from, to } of event.handovers) {
        const position = positions[from]
        if (position !== undefined) positions[to] = position
      }
      return {
        ...arrange([...kept, ...changed.values()], positions),
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
): Pick<DeckState, 'instances' | 'positions'> {
  const positions: Record<string, number> = {}
  for (const { id, startedAt } of instances)
    positions[id] = known[id] ?? (startedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(startedAt))
  const positionOf = ({ id }: Instance): number => positions[id] ?? 0
  const ordered = [...instances].sort((a, b) => positionOf(a) - positionOf(b) || (a.id < b.id ? -1 : 1))
  return { instances: ordered, positions }
}

/** Returns the selected tab after an event: the same tab, the Serena that replaced its launcher, or null if the instance exited. */
export function selectionAfter(selected: string, event: DeckEvent, before: DeckState): string | null {
  if (event.type === 'hello' || event.type === 'ending' || event.type === 'hub') return selected
  const isIn = (instances: readonly Instance[]): boolean => instances.some(({ id }) => id === selected)
  // Before its first scan the backend reports neither instances nor homes.
  if (event.type === 'snapshot')
    return event.list.serenaHomes.length === 0 || isIn(event.list.instances) ? selected : null
  const isFirstScan = before.serenaHomes.length === 0 && event.serenaHomes !== null
  if (isFirstScan && !isIn(event.changed)) return null
  const handover = event.handovers.find(({ from }) => from === selected)
  if (handover) return handover.to
  return event.removed.includes(selected) ? null : selected
}
