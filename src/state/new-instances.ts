// Instances that started while the page was open are marked as new, until they are opened or were visible for 2 min. Pure.
import type { DeckEvent } from '#contract/events'
import type { Instance } from '#contract/instance'

/** How long a mark stays while the page is visible. */
export const NEW_MARK_MS = 120_000

/** By id: when the mark was first visible, epoch ms; null: the page has been hidden so far. */
export type NewInstances = ReadonlyMap<string, number | null>

/** Returns the marks after an event. A snapshot and the first scan of a backend add none, because their instances were already running. */
export function newInstancesAfter(
  before: NewInstances,
  event: DeckEvent,
  { instances, serenaHomes }: { instances: readonly Pick<Instance, 'id'>[]; serenaHomes: readonly string[] },
  seenAtMs: number | null,
): NewInstances {
  // Before its first scan a backend knows no home.
  if (event.type !== 'delta' || serenaHomes.length === 0) return before
  const next = new Map(before)
  const ids = new Set(instances.map(({ id }) => id))
  // A Serena that replaces its launcher inherits the launcher's mark.
  const launchers = new Map(event.handovers.map(({ from, to }) => [to, from]))
  for (const { id } of event.changed) {
    const from = launchers.get(id)
    if (ids.has(id) || (from !== undefined && ids.has(from) && !before.has(from))) continue
    next.set(id, (from === undefined ? undefined : before.get(from)) ?? seenAtMs)
  }
  for (const id of event.removed) next.delete(id)
  for (const from of launchers.values()) next.delete(from)
  return next
}

/** Starts the expiry of all marks that were hidden so far. */
export const markSeen = (newInstances: NewInstances, nowMs: number): NewInstances =>
  new Map([...newInstances].map(([id, seenAtMs]) => [id, seenAtMs ?? nowMs]))

/** Returns true until the mark expires. */
export function isNew(newInstances: NewInstances, id: string, nowMs: number): boolean {
  const seenAtMs = newInstances.get(id)
  return seenAtMs !== undefined && (seenAtMs === null || nowMs - seenAtMs < NEW_MARK_MS)
}

/** Removes the mark of an opened instance. */
export function withoutInstance(newInstances: NewInstances, id: string): NewInstances {
  if (!newInstances.has(id)) return newInstances
  return new Map([...newInstances].filter(([other]) => other !== id))
}
