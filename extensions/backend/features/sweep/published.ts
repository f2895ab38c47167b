// What of the last look is published in each home's `instances.json`: our own user's instances that have a dashboard. Pure.
import type { Instance } from '#contract/instance'
import type { PublishedInstance } from '../../facts.ts'
import { instanceId } from './present.ts'
import type { Track } from './tracks.ts'

/** By home, every home that was looked at; an instance whose home is not known is in none. */
export function publishedByHome(
  tracks: readonly Pick<Track, 'serena' | 'serenaHome'>[],
  { instances, serenaHomes }: { instances: readonly Instance[]; serenaHomes: readonly string[] },
  ownUid: number | null,
): ReadonlyMap<string, readonly PublishedInstance[]> {
  const byId = new Map(instances.map((one) => [one.id, one]))
  const byHome = new Map<string, PublishedInstance[]>(serenaHomes.map((home) => [home, []]))
  for (const { serena, serenaHome } of tracks) {
    const { identity, pid, startedAtMs, uid } = serena.process
    const instance = byId.get(instanceId(identity, pid))
    const home = serenaHome === null ? undefined : byHome.get(serenaHome)
    if (!home || !instance || instance.port === null || uid !== ownUid || instance.state === 'unknown')
      continue
    // The file has room for a port only, and its readers look for it on 127.0.0.1, where it may be another instance's.
    if (instance.address !== undefined) continue
    home.push({
      pid,
      port: instance.port,
      startedAtMs,
      projectName: instance.project?.name ?? null,
      projectRoot: instance.project?.path ?? null,
      context: instance.context,
      modes: instance.modes,
      state: instance.state,
    })
  }
  return byHome
}
