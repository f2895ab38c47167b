// Parts of the list that a round makes: its notices, its order, and the list before the first round. Pure.
import { type Instance, type InstanceList, type Notice, SCHEMA_VERSION } from '#contract/instance'
import type { RegistryReading } from '../../facts.ts'

/** What the registry files and the platform have to say to the person. */
export function noticesOf({ problems }: RegistryReading, sourceNotice: string | null): Notice[] {
  const own =
    sourceNotice === null ? [] : [{ id: 'processes', level: 'warning' as const, text: sourceNotice }]
  const ofFiles = problems.map(({ file, text }) => ({
    id: `registry:${file}:${text}`,
    level: 'warning' as const,
    text,
  }))
  return [...own, ...ofFiles]
}

/** The order of the list: by start, then by pid and port. */
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
