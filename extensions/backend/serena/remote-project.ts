// What the command line of a bridge says about the Serena in the other place.
import { basename, resolve } from 'node:path'
import type { Project } from '#contract/instance'
import { readRegularFile } from '../os/files/read-file.ts'
import type { SerenaCommand } from './serena-process.ts'

/** Returns the project by its name alone: a path in another place does not exist here. */
export const remoteProject = ({ project }: SerenaCommand): Project | null =>
  project === null ? null : { name: basename(project.replaceAll('\\', '/')) || project, path: null }

/** Returns the id in the file of `--cidfile`; null: there is none yet. */
export function containerIdIn(file: string | null | undefined, cwd: string | null): string | null {
  if (file == null || cwd === null) return null
  const read = readRegularFile(resolve(cwd, file), 128)
  return read.kind === 'text' && /^[0-9a-f]{64}$/.test(read.text.trim()) ? read.text.trim() : null
}
