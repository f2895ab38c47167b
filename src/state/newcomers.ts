// Tabs that came while the page was open are marked as new: until they are opened, or have been seen for a while.
import type { DeckEvent } from '#contract/events'
import type { Instance } from '#contract/instance'

/** So long a mark stays once the person can see it. */
export const SEEN_MS = 120_000

/** By id: since when the person can see the mark, epoch ms; null: the page has been hidden ever since. */
export type Newcomers = ReadonlyMap<string, number | null>

/** The next newcomers after an event: only changes bring some, what a snapshot finds was there before. Pure. */
export function newcomersAfter(
  before: Newcomers,
  event: DeckEvent,
  known: readonly Pick<Instance, 'id'>[],
  seenAtMs: number | null,
): Newcomers {
  if (event.type !== 'delta') return before
  const next = new Map(before)
  const ids = new Set(known.map(({ id }) => id))
  // A Serena that grew out of its launcher's tab is as new as that was.
  const grown = new Map(event.passed.map(({ from, to }) => [to, from]))
  for (const { id } of event.changed) {
    const from = grown.get(id)
    if (ids.has(id) || (from !== undefined && ids.has(from) && !before.has(from))) continue
    next.set(id, (from === undefined ? undefined : before.get(from)) ?? seenAtMs)
  }
  for (const id of event.removed) next.delete(id)
  for (const from of grown.values()) next.delete(from)
  return next
}

/** Now the person can see them. Pure. */
export const seenNow = (newcomers: Newcomers, nowMs: number): Newcomers =>
  new Map([...newcomers].map(([id, seenAtMs]) => [id, seenAtMs ?? nowMs]))

/** True until the person has had the time to see it. Pure. */
export function isNew(newcomers: Newcomers, id: string, nowMs: number): boolean {
  const seenAtMs = newcomers.get(id)
  return seenAtMs !== undefined && (seenAtMs === null || nowMs - seenAtMs < SEEN_MS)
}

/** The same without one that was opened. Pure. */
export function withoutNewcomer(newcomers: Newcomers, id: string): Newcomers {
  if (!newcomers.has(id)) return newcomers
  return new Map([...newcomers].filter(([other]) => other !== id))
}
