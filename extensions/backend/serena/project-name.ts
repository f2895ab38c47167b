// The name of a project, read without a YAML parser: the hub and `wrap` must stay small.
import { basename, join } from 'node:path'
import { readPlainKeys } from '../lib/plain-keys.ts'
import { readRegularFile } from '../os/files/read-file.ts'

const MAX_BYTES = 1024 * 1024

/** Returns `project_name` in `.serena/project.yml` where it is written plainly, else the name of the folder. */
export function projectName(root: string): string {
  const read = readRegularFile(join(root, '.serena', 'project.yml'), MAX_BYTES)
  const name = read.kind === 'text' ? readPlainKeys(read.text, ['project_name'])?.get('project_name') : null
  return typeof name === 'string' && name !== '' ? name : basename(root)
}
