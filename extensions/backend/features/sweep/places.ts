// Where an instance keeps its things: its project's folder and the one with its log, shown in the system's file manager.
import { dirname } from 'node:path'
import { AppError } from '#contract/errors'
import type { Instance } from '#contract/instance'
import type { PlaceService } from '../../services.ts'
import type { Track } from './tracks.ts'

export interface PlaceDeps {
  find: (instanceId: string) => Pick<Track, 'logFile'> | null
  /** As it is shown to the person. */
  instance: (instanceId: string) => Pick<Instance, 'project'> | null
  reveal: (folder: string) => Promise<'shown' | 'not-shown' | 'no-folder'>
}

/** The places of one deck. Errors: `instance-not-found`, `place-not-known`. */
export function createPlaces({ find, instance, reveal }: PlaceDeps): PlaceService {
  function folderOf(id: string, place: 'project' | 'log'): string | null {
    const shown = instance(id)
    if (!shown) throw new AppError('instance-not-found', { target: 'that id' })
    if (place === 'project') return shown.project?.path ?? null
    const logFile = find(id)?.logFile ?? null
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
