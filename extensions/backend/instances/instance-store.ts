// The current list of instances. Subscribers get what changed, and never an empty change.
import type { InstanceChanges } from '#contract/events'
import type { Instance, InstanceList } from '#contract/instance'
import { LIST_VERSION } from '#contract/versions'
import { diffLists } from './diff.ts'

/** The list without its notices, which have a board of their own. */
export type ListParts = Omit<InstanceList, 'schema' | 'notices'>

export interface InstanceStore {
  current(): InstanceList
  /** Null: it is not listed. */
  find(id: string): Instance | null
  subscribe(onChanges: (changes: InstanceChanges) => void): () => void
  /** Replaces the list; `handovers`: launchers whose tab is handed over to the instance that they started. */
  publish(parts: ListParts, handovers: InstanceChanges['handovers']): void
  /** Publishes the same list with the notices as they are now. */
  publishNotices(): void
  /** Stops publishing. */
  close(): void
}

/** Creates a store with an empty list. */
export function createInstanceStore(
  notices: () => InstanceList['notices'],
  sweptAtMs: number,
): InstanceStore {
  const subscribers = new Set<(changes: InstanceChanges) => void>()
  let isClosed = false
  let list: InstanceList = {
    schema: LIST_VERSION,
    sweptAt: new Date(sweptAtMs).toISOString(),
    serenaHomes: [],
    instances: [],
    notices: [],
    helperProcesses: [],
  }

  function replace(next: InstanceList, handovers: InstanceChanges['handovers']): void {
    if (isClosed) return
    const changes = diffLists(list, next, handovers)
    list = next
    if (changes) for (const onChanges of subscribers) onChanges(changes)
  }

  return {
    current: () => list,
    find: (id) => list.instances.find((instance) => instance.id === id) ?? null,
    subscribe(onChanges) {
      subscribers.add(onChanges)
      return () => subscribers.delete(onChanges)
    },
    publish: (parts, handovers) => replace({ schema: LIST_VERSION, ...parts, notices: notices() }, handovers),
    publishNotices: () => replace({ ...list, notices: notices() }, []),
    close() {
      isClosed = true
    },
  }
}
