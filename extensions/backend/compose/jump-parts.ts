// The deck's jumps to clients, editors of project folders, and texts of start commands.

import { createLaunchTexts, type LaunchTexts } from '../instances/launch-texts.ts'
import { createFolderEditors, type EditorService } from '../jump/folder-editors.ts'
import { createJump, type JumpService } from '../jump/jump.ts'
import type { DeckParts } from './deck-base.ts'

/** Creates them. */
export function createJumpParts({ instances, source, env, platform }: DeckParts): {
  jumps: JumpService
  editors: EditorService
  launches: LaunchTexts
} {
  const instance = (id: string) => instances.current().instances.find((one) => one.id === id) ?? null
  return {
    jumps: createJump({ source, instance, env, platform }),
    editors: createFolderEditors({ instance, env, platform }),
    launches: createLaunchTexts({ find: instances.find, platform }),
  }
}
