// What the command line of a bridge tells of the Serena in the other place.
import { basename, resolve } from 'node:path'
import type { Project } from '#contract/instance'
import type { SerenaCommand } from '../../facts.ts'
import { readRegularFile } from '../../lib/read-file.ts'

/** The project by its name alone: a path in another place is none here. */
export const remoteProject = ({ project }: SerenaCommand): Project | null =>
  project === null ? null : { name: basename(project.replaceAll('\\', '/')) || project, path: null }

/** The id in the file of `--cidfile`; null: there is none yet. */
export function containerIdIn(file: string | null | undefined, cwd: string | null): string | null {
  if (file == null || cwd === null) return null
  const read = readRegularFile(resolve(cwd, file), 128)
  return read.kind === 'text' && /^[0-9a-f]{64}$/.test(read.text.trim()) ? read.text.trim() : null
}
