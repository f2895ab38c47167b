// Opens the folder of an instance's project in an editor.
import { EDITOR_NAMES } from '#contract/editors'
import { AppError } from '#contract/errors'
import type { Instance } from '#contract/instance'
import type { RouteAnswer, RouteBody } from '#contract/routes'
import { findEditors } from './editors.ts'
import { openFolder } from './fronts.ts'
import type { Place } from './run-program.ts'

export interface EditorService {
  /** Returns the editors that are installed and can show a window here, the preferred one first. */
  editors(): RouteAnswer<'editors'>
  /** Errors: `instance-not-found`, `place-not-known`. `isShown` false: the editor did not start. */
  open(instanceId: string, body: RouteBody<'openInEditor'>): Promise<RouteAnswer<'openInEditor'>>
}

export interface EditorDeps extends Place {
  instance: (instanceId: string) => Pick<Instance, 'project'> | null
}

/** Creates the service of one deck. The path comes from what the deck found, never from the caller. */
export function createFolderEditors({ instance, ...place }: EditorDeps): EditorService {
  return {
    editors: () => ({ editors: findEditors(place).map((id) => ({ id, name: EDITOR_NAMES[id] })) }),
    async open(id, { editor }) {
      const shown = instance(id)
      if (!shown) throw new AppError('instance-not-found', { target: 'unknown id' })
      const path = shown.project?.path ?? null
      if (path === null) throw new AppError('place-not-known')
      return { isShown: await openFolder({ editor, folder: path }, place), path }
    },
  }
}
