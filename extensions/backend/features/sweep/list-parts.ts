// Small parts of the shown list. Pure.
import { type Instance, type InstanceList, type Notice, SCHEMA_VERSION } from '#contract/instance'
import type { ProcessIdentity, RegistryReading } from '../../facts.ts'
import type { Inside, JoinedEntry } from './join.ts'
import { entryId } from './present.ts'
import type { Track } from './tracks.ts'

/** The Serenas in sandboxes, by identity. */
export function insideOf(tracks: readonly Track[]): Map<ProcessIdentity, Inside> {
  const inside = tracks.flatMap(({ serena, details, serenaHome }) =>
    details?.inner ? [[serena.process.identity, { ...details.inner, serenaHome }] as const] : [],
  )
  return new Map(inside)
}

/** The newest of those with the same id. */
export function onePerId(joined: readonly JoinedEntry[]): JoinedEntry[] {
  return [...new Map(joined.map((one) => [entryId(one.entry), one])).values()]
}

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
  helperProcesses: [],
})

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

/** A stopped process accepts connections and never answers: asking it proves nothing. */
export function isAskable({ serena, details }: Track): boolean {
  const { runState } = serena.process
  return runState !== 'T' && runState !== 't' && !details?.tracerPid && !details?.isFrozen
}
