// Counts, sums, order and groups of instances. Pure.
import type { Colour, Instance } from '#contract/instance'
import { quietSinceMs } from '#contract/use'
import { compareWords } from './locale.ts'

export interface DeckSummary {
  count: number
  byColor: Readonly<Record<Colour, number>>
  /** Sum of all process trees; null: not known for any. */
  memoryBytes: number | null
  cpuPercent: number | null
}

/** Returns counts and sums over the instances. */
export function summarize(instances: readonly Instance[]): DeckSummary {
  const byColor = { green: 0, yellow: 0, red: 0, blue: 0, grey: 0 }
  for (const { colour } of instances) byColor[colour]++
  return {
    count: instances.length,
    byColor,
    memoryBytes: sumOfKnown(instances.map(({ memoryBytes }) => memoryBytes)),
    cpuPercent: sumOfKnown(instances.map(({ cpuPercent }) => cpuPercent)),
  }
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

export const SORT_KEYS = [
  'state',
  'title',
  'owner',
  'folder',
  'memory',
  'cpu',
  'activity',
  'age',
  'version',
  'port',
  'pid',
] as const
export type SortKey = (typeof SORT_KEYS)[number]
export interface Sorting {
  key: SortKey
  isDescending: boolean
}

const COLOR_ORDER: Readonly<Record<Colour, number>> = { red: 0, green: 1, yellow: 2, blue: 3, grey: 4 }

function valueOf(instance: Instance, key: SortKey): number | string | null {
  switch (key) {
    case 'state':
      return COLOR_ORDER[instance.colour]
    case 'title':
      return instance.project?.name.toLowerCase() ?? null
    case 'owner':
      return instance.owner?.name.toLowerCase() ?? null
    case 'folder':
      return instance.project?.path ?? null
    case 'memory':
      return instance.memoryBytes
    case 'cpu':
      return instance.cpuPercent
    case 'activity': {
      const quietMs = quietSinceMs(instance)
      if (quietMs !== null) return -quietMs
      return instance.lastActivityAt === null ? null : -Date.parse(instance.lastActivityAt)
    }
    case 'age':
      return instance.startedAt === null || instance.state === 'dead' ? null : -Date.parse(instance.startedAt)
    case 'version':
      return instance.serenaVersion
    case 'port':
      return instance.port
    case 'pid':
      return instance.pid
  }
}

/** Returns the sorted instances, in a stable order with unknown values last in both directions. */
export function sortInstances(
  instances: readonly Instance[],
  { key, isDescending }: Sorting,
): readonly Instance[] {
  return [...instances].sort((a, b) => {
    const [x, y] = [valueOf(a, key), valueOf(b, key)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    const order = typeof x === 'string' && typeof y === 'string' ? compareWords(x, y) : Number(x) - Number(y)
    return isDescending ? -order : order
  })
}

export const GROUPINGS = ['none', 'project', 'client', 'state'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface Group {
  /** Null: ungrouped or unknown. */
  name: string | null
  instances: readonly Instance[]
}

/** Returns the groups of instances, sorted by name with unknown last. */
export function groupInstances(instances: readonly Instance[], grouping: Grouping): readonly Group[] {
  if (grouping === 'none') return [{ name: null, instances }]
  const groups = new Map<string | null, Instance[]>()
  for (const instance of instances) {
    const name = groupOf(instance, grouping)
    groups.set(name, [...(groups.get(name) ?? []), instance])
  }
  return [...groups]
    .map(([name, members]) => ({ name, instances: members }))
    .sort(
      (a, b) => Number(a.name === null) - Number(b.name === null) || compareWords(a.name ?? '', b.name ?? ''),
    )
}

function groupOf({ project, owner, state }: Instance, grouping: Exclude<Grouping, 'none'>): string | null {
  if (grouping === 'state') return state
  return grouping === 'project' ? (project?.name ?? null) : (owner?.name ?? null)
}
