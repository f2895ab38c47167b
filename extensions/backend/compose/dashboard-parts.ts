// The deck's dashboards: what is read of them, what is changed through them, and the folders of their instances.
import { createDashboardCalls } from '../dashboards/dashboard-calls.ts'
import { createDashboardChanges } from '../dashboards/dashboard-changes.ts'
import type { DashboardHolder } from '../dashboards/dashboard-holder.ts'
import type { DashboardChanges } from '../dashboards/dashboard-service.ts'
import { createPlaces, type PlaceService } from '../instances/places.ts'
import { writeBackup } from '../os/files/backups.ts'
import { leadsOutside } from '../os/files/inside-folder.ts'
import { stateFolder } from '../os/paths.ts'
import { revealFolder } from '../os/reveal.ts'
import type { DeckParts } from './deck-base.ts'

export interface DashboardParts {
  dashboards: ReturnType<typeof createDashboardCalls>
  changes: DashboardChanges
  places: PlaceService
}

/** Creates the dashboards of one deck. */
export function createDashboardParts({ instances, source, env, platform }: DeckParts): DashboardParts {
  const find = (id: string): DashboardHolder | null => {
    const track = instances.find(id)
    if (!track) return null
    const { serena, home, project, dashboard } = track
    return {
      serena,
      serenaHome: home.serenaHome,
      projectByCommand: project,
      watch: dashboard.watch(),
    }
  }
  const dashboards = createDashboardCalls({ source, find, onChange: instances.refresh })
  const changes = createDashboardChanges({
    prove: dashboards.prove,
    leadsOutside,
    hasExited: async (identity, pid) =>
      (await source.quickScan(new Set([pid]))).watched.get(pid)?.identity !== identity,
    backUp: backUpSettings({ env, platform }),
  })
  const places = createPlaces({
    find: instances.find,
    instance: (id) => instances.current().instances.find((instance) => instance.id === id) ?? null,
    reveal: (folder) => revealFolder(folder, { env, platform }),
  })
  return { dashboards, changes, places }
}

/** Keeps a copy of a Serena's settings file in the state folder before it is changed. */
export const backUpSettings =
  ({ env, platform }: Pick<DeckParts, 'env' | 'platform'>) =>
  (text: string): void =>
    void writeBackup(stateFolder(env, platform), 'serena_config.yml', text, Date.now())
