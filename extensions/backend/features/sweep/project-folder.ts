// Which project the arguments and the folder of an instance name, for as long as no dashboard has said.
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { Project } from '#contract/instance'
import type { SerenaCommand } from '../../facts.ts'
import { projectRootAbove } from '../../lib/project-root.ts'

/** The project by `--project` or `--project-from-cwd`; null: neither tells. Serena's own rules (cli.py, `find_project_root`). */
export async function projectByCommand(command: SerenaCommand, cwd: string | null): Promise<Project | null> {
  if (command.project !== null) return projectByArgument(command.project, cwd)
  if (!command.isProjectFromCwd || cwd === null) return null
  const root = projectRootAbove(cwd)
  return root === null ? null : { name: await projectName(root), path: root }
}

async function projectByArgument(argument: string, cwd: string | null): Promise<Project> {
  const path = isAbsolute(argument) ? argument : cwd === null ? null : resolve(cwd, argument)
  if (path !== null && isFolder(path)) return { name: await projectName(path), path }
  return isAbsolute(argument) ? { name: basename(argument), path: argument } : { name: argument, path: null }
}

/** The name Serena uses: `project_name` in `.serena/project.yml`, else the folder's. */
export async function projectName(root: string): Promise<string> {
  try {
    const settings: unknown = parse(await readFile(join(root, '.serena', 'project.yml'), 'utf8'))
    if (typeof settings === 'object' && settings !== null && 'project_name' in settings) {
      const { project_name: name } = settings
      if (typeof name === 'string' && name !== '') return name
    }
  } catch {
    // No such file yet (Serena writes it at the first start), or not readable: the folder's name is what Serena would take.
  }
  return basename(root)
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Gone or not readable: then it is no folder for us.
    return false
  }
}
