// The project in the arguments of a Serena, read without a YAML parser. For the registry, where it is a hint.
import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { projectName } from '../serena/project-name.ts'
import { projectRootAbove } from '../serena/project-root.ts'
import type { SerenaCommand } from '../serena/serena-process.ts'

/** Returns name and folder; null: the arguments name no project. */
export function commandProject(
  { project, isProjectFromCwd }: SerenaCommand,
  cwd: string,
): { name: string; path: string | null } | null {
  if (project !== null) {
    const path = resolve(cwd, project)
    return isFolder(path) ? { name: projectName(path), path } : { name: basename(project), path: null }
  }
  const root = isProjectFromCwd ? projectRootAbove(cwd) : null
  return root === null ? null : { name: projectName(root), path: root }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
