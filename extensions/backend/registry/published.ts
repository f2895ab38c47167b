// The instances of the last scan that are published in each home's `instances.json`: those of our user with a dashboard. Pure.
import type { Instance } from '#contract/instance'
import { instanceId } from '../serena/instance-id.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { PublishedInstance } from './registry-entry.ts'

/** Returns the instances of each scanned home; an instance whose home is not known is in none. */
export function publishedByHome(
  tracks: readonly { serena: SerenaProcess; serenaHome: string | null }[],
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
    // The file has only a port, which its readers connect to on 127.0.0.1: there, it may be another instance's.
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
