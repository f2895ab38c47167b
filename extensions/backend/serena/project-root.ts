// Serena's own rule for the project of a folder (cli.py, `find_project_root`).
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Returns the nearest folder from `folder` upwards that holds `.serena/project.yml` or `.git`; null: none. */
export function projectRootAbove(folder: string): string | null {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(join(current, '.serena', 'project.yml')) || existsSync(join(current, '.git')))
      return current
    if (dirname(current) === current) return null
  }
}
