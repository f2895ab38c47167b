// The folders of an instance: its project's and the one with its log, shown in the system's file manager.
import { dirname } from 'node:path'
import { AppError } from '#contract/errors'
import type { Instance } from '#contract/instance'
import type { Change } from '../dashboards/dashboard-service.ts'
import type { Track } from './track.ts'

/** Shows folders of an instance. Paths come from what the deck found, never from the caller. */
export interface PlaceService {
  reveal: Change<'reveal'>
}

export interface PlaceDeps {
  find: (instanceId: string) => Pick<Track, 'home'> | null
  /** As it is shown to the user. */
  instance: (instanceId: string) => Pick<Instance, 'project'> | null
  reveal: (folder: string) => Promise<'shown' | 'not-shown' | 'no-folder'>
}

/** Creates the folders of one deck's instances. Errors: `instance-not-found`, `place-not-known`. */
export function createPlaces({ find, instance, reveal }: PlaceDeps): PlaceService {
  function folderOf(id: string, place: 'project' | 'log'): string | null {
    const shown = instance(id)
    if (!shown) throw new AppError('instance-not-found', { target: 'unknown id' })
    if (place === 'project') return shown.project?.path ?? null
    const logFile = find(id)?.home.logFile ?? null
    return logFile === null ? null : dirname(logFile)
  }
  return {
    async reveal(id, { place }) {
      const path = folderOf(id, place)
      const outcome = path === null ? 'no-folder' : await reveal(path)
      if (path === null || outcome === 'no-folder') throw new AppError('place-not-known')
      return { isShown: outcome === 'shown', path }
    },
  }
}
