// Two lists of instances -> what changed. Pure.
import type { InstanceChanges } from '#contract/events'
import type { Instance, InstanceList } from '#contract/instance'
import { memoize } from '../lib/memoize.ts'
import { instanceId } from '../serena/instance-id.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'

/** An instance is in two comparisons: as the new one, then as the old one. */
const textOf = memoize((instance: Instance) => JSON.stringify(instance))

/** Returns the changes from `before` to `after`; null: nothing changed. */
export function diffLists(
  before: InstanceList,
  after: InstanceList,
  handovers: InstanceChanges['handovers'],
): InstanceChanges | null {
  const known = new Map(before.instances.map((instance) => [instance.id, instance]))
  const changed = after.instances.filter((instance) => !isSame(known.get(instance.id), instance))
  const listed = new Set(after.instances.map(({ id }) => id))
  const removed = [...known.keys()].filter((id) => !listed.has(id))
  const notices = isEqual(before.notices, after.notices) ? null : after.notices
  const serenaHomes = isEqual(before.serenaHomes, after.serenaHomes) ? null : after.serenaHomes
  const helperProcesses = isEqual(before.helperProcesses, after.helperProcesses)
    ? undefined
    : after.helperProcesses
  const isUnchanged = changed.length + removed.length === 0 && notices === null && serenaHomes === null
  if (isUnchanged && helperProcesses === undefined) return null
  return {
    sweptAt: after.sweptAt,
    changed,
    removed,
    handovers,
    notices,
    serenaHomes,
    ...(helperProcesses && { helperProcesses }),
  }
}

const isSame = (before: Instance | undefined, after: Instance): boolean =>
  before === after || (before !== undefined && textOf(before) === textOf(after))

const isEqual = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** Launchers whose tab is handed over to the Serena that they started. */
export function findHandovers(
  before: readonly Instance[],
  serenas: readonly SerenaProcess[],
): InstanceChanges['handovers'] {
  const known = new Set(before.map(({ id }) => id))
  return serenas.flatMap(({ process, wrappers }) => {
    const to = instanceId(process.identity, process.pid)
    if (known.has(to)) return []
    const from = wrappers
      .map((wrapper) => instanceId(wrapper.identity, wrapper.pid))
      .find((id) => known.has(id))
    return from === undefined ? [] : [{ from, to }]
  })
}

/** A Serena of the hub that fell asleep or was started again keeps its tab. */
export function findHubHandovers(
  before: readonly Instance[],
  after: readonly Instance[],
): InstanceChanges['handovers'] {
  const [known, listed] = [before, after].map((all) => new Set(all.map(({ id }) => id)))
  return before.flatMap((from) => {
    if (from.hubSerena === undefined || listed?.has(from.id)) return []
    const to = after.find(
      (one) => one.hubSerena === from.hubSerena && one.owner?.pid === from.owner?.pid && !known?.has(one.id),
    )
    return to ? [{ from: from.id, to: to.id }] : []
  })
}
