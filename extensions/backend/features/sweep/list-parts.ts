// Parts of the list of a round. Pure.
import { type Instance, type InstanceList, SCHEMA_VERSION } from '#contract/instance'
import type { JoinedEntry } from './join.ts'
import { entryId } from './present.ts'

export const onePerId = (joined: readonly JoinedEntry[]): JoinedEntry[] => [
  ...new Map(joined.map((one) => [entryId(one.entry), one])).values(),
]

export function oldestFirst(a: Instance, b: Instance): number {
  const byAge = (a.startedAt ?? '').localeCompare(b.startedAt ?? '')
  return byAge || (a.pid ?? 0) - (b.pid ?? 0) || (a.port ?? 0) - (b.port ?? 0)
}

export const emptyList = (nowMs: number): InstanceList => ({
  schema: SCHEMA_VERSION,
  sweptAt: new Date(nowMs).toISOString(),
  serenaHomes: [],
  instances: [],
  notices: [],
})
