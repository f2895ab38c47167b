// Which project the arguments and the folder of an instance name, until a dashboard has reported it.
import { statSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import type { Project } from '#contract/instance'
import { readPlainKeys } from '../lib/plain-keys.ts'
import { readYamlMapping } from '../lib/yaml-mapping.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { projectRootAbove } from './project-root.ts'
import type { SerenaCommand } from './serena-process.ts'

/**
 * Returns the project by `--project` or `--project-from-cwd`; null: neither names one. Serena's own rules (cli.py, `find_project_root`).
 */
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

/** Stock ones have 10 KiB, nearly all of it comments. */
const MAX_BYTES = 64 * 1024

/** Returns the name Serena uses: `project_name` in `.serena/project.yml`, else the folder's. */
export async function projectName(root: string): Promise<string> {
  const path = await realpath(join(root, '.serena', 'project.yml')).catch(() => null)
  // No such file yet (Serena writes it at the first start), or not readable: the folder's name is what Serena would take.
  if (path === null) return basename(root)
  const read = readRegularFile(path, MAX_BYTES)
  const name = read.kind === 'text' ? nameIn(read.text, read.isCut) : null
  return typeof name === 'string' && name !== '' ? name : basename(root)
}

/** From a file that is too large, only a name that is written plainly near its beginning. */
function nameIn(text: string, isCut: boolean): unknown {
  const plain = readPlainKeys(isCut ? text.slice(0, text.lastIndexOf('\n') + 1) : text, ['project_name'])
  if (plain || isCut) return plain?.get('project_name')
  const read = readYamlMapping(text)
  return 'keys' in read ? read.keys.get('project_name') : null
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Removed or not readable: it does not count as a folder.
    return false
  }
}
