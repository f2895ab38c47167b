// Projects that a Serena home knows by name: the folders in its settings file, each with the name in its own file, else of the folder.
import { readRegularFile } from '../os/files/read-file.ts'
import { projectName } from '../serena/project-name.ts'
import { settingsFileOf } from '../serena/settings-file.ts'
import { blocksOf } from './tool-settings.ts'

const MAX_BYTES = 1024 * 1024

/** Returns the folder of the project with that name; null: none, or more than one. */
export function projectByName(name: string, serenaHome: string): string | null {
  const read = readRegularFile(settingsFileOf(serenaHome), MAX_BYTES)
  if (read.kind !== 'text') return null
  const found = projectFolders(read.text).filter((folder) => projectName(folder) === name)
  return found.length === 1 ? (found[0] ?? null) : null
}

/** Returns the folders listed under `projects:` as Serena writes them. Pure. */
export function projectFolders(settings: string): readonly string[] {
  return blocksOf(settings, ['projects'])
    .split('\n')
    .flatMap((line) => {
      const value = /^\s*-\s+(?:"([^"\\]*)"|'([^']*)'|([^"'#{[].*))$/.exec(line)
      return value ? [value[1] ?? value[2] ?? value[3] ?? ''] : []
    })
}
