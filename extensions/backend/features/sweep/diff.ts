// Two lists of instances -> what changed. Pure.
import type { InstanceChanges } from '#contract/events'
import type { InstanceList } from '#contract/instance'
import type { SerenaProcess } from '../../facts.ts'
import { instanceId } from './present.ts'

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
  const helperProcesses =
    JSON.stringify(before.helperProcesses) === JSON.stringify(after.helperProcesses)
      ? undefined
      : after.helperProcesses
  const isSame = changed.length + removed.length === 0 && notices === null && serenaHomes === null
  if (isSame && helperProcesses === undefined) return null
  return {
    sweptAt: after.sweptAt,
    changed,
    removed,
    passed,
    notices,
    serenaHomes,
    ...(helperProcesses && { helperProcesses }),
  }
}

/** Launchers whose tab goes over to the Serena that they became. */
export function passedTabs(
  before: InstanceList,
  serenas: readonly SerenaProcess[],
): InstanceChanges['passed'] {
  const known = new Set(before.instances.map(({ id }) => id))
  return serenas.flatMap(({ process, wrappers }) => {
    const to = instanceId(process.identity, process.pid)
    if (known.has(to)) return []
    const from = wrappers
      .map((wrapper) => instanceId(wrapper.identity, wrapper.pid))
      .find((id) => known.has(id))
    return from === undefined ? [] : [{ from, to }]
  })
}
