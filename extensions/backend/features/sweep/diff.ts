// Two lists of instances -> what changed. Pure.
import type { InstanceChanges } from '#contract/events'
import type { InstanceList } from '#contract/instance'

/** The changes from `before` to `after`, or null when nothing changed. */
export function diffLists(
  before: InstanceList,
  after: InstanceList,
  passed: InstanceChanges['passed'],
): InstanceChanges | null {
  const known = new Map(before.instances.map((instance) => [instance.id, JSON.stringify(instance)]))
  const changed = after.instances.filter((instance) => known.get(instance.id) !== JSON.stringify(instance))
  const stays = new Set(after.instances.map(({ id }) => id))
  const removed = [...known.keys()].filter((id) => !stays.has(id))
  const notices = JSON.stringify(before.notices) === JSON.stringify(after.notices) ? null : after.notices
  const serenaHomes =
    before.serenaHomes.join('\n') === after.serenaHomes.join('\n') ? null : after.serenaHomes
  if (changed.length + removed.length === 0 && notices === null && serenaHomes === null) return null
  return { sweptAt: after.sweptAt, changed, removed, passed, notices, serenaHomes }
}
