// The Serena that new entries start: on PATH, of uv or of pipx. Starts nothing.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findInstalled, type InstallPlaces, packageFolders } from '../doctor/serena-installs.ts'

export interface FoundSerena {
  program: string
  version: string
  /** Returns the context, or the general one if this version does not have it. */
  contextOf(context: string): string
}

/** Since 1.0.0, and before. */
const GENERAL = ['ide', 'ide-assistant'] as const

/** Returns the first one; null: none is installed. */
export function findSerena(places: InstallPlaces): FoundSerena | null {
  const [first] = findInstalled(places)
  if (!first) return null
  const { program, version } = first
  const folders = contextFolders(program)
  const has = (name: string): boolean => folders.some((folder) => existsSync(join(folder, `${name}.yml`)))
  return {
    program,
    version,
    // Without any context that is known here, nothing is said about the others.
    contextOf: (context) => (has(context) ? context : (GENERAL.find(has) ?? context)),
  }
}

function contextFolders(program: string): string[] {
  const root = dirname(dirname(realpathSync(program)))
  return packageFolders(root).map((folder) => join(folder, 'serena', 'resources', 'config', 'contexts'))
}
