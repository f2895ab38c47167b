// The project that a Serena's arguments name, without a YAML parser: for the registry, where it is a hint.
import { statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { SerenaCommand } from '../../facts.ts'
import { readPlainKeys } from '../../lib/plain-keys.ts'
import { projectRootAbove } from '../../lib/project-root.ts'
import { readRegularFile } from '../../lib/read-file.ts'

const MAX_BYTES = 1024 * 1024

/** Name and folder; null: the arguments name none. */
export function commandProject(
  { project, isProjectFromCwd }: SerenaCommand,
  cwd: string,
): { name: string; path: string | null } | null {
  if (project !== null) {
    const path = resolve(cwd, project)
    return isFolder(path) ? { name: nameOf(path), path } : { name: basename(project), path: null }
  }
  const root = isProjectFromCwd ? projectRootAbove(cwd) : null
  return root === null ? null : { name: nameOf(root), path: root }
}

/** `project_name` in `.serena/project.yml`, else the folder's. */
function nameOf(root: string): string {
  const read = readRegularFile(join(root, '.serena', 'project.yml'), MAX_BYTES)
  const name = read.kind === 'text' ? readPlainKeys(read.text, ['project_name'])?.get('project_name') : null
  return typeof name === 'string' && name !== '' ? name : basename(root)
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
