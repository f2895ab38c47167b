// The Serenas that are installed, and their versions by the metadata of their packages. Starts nothing.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { foldersInPath } from '../os/executable.ts'
import { namesIn } from '../os/files/names-in.ts'
import { SERENA_PACKAGE } from '../serena/command-line.ts'
import type { InstalledSerena } from './facts.ts'

const NAMES = ['serena', 'serena-agent', 'serena-mcp-server'] as const

export interface InstallPlaces {
  home: string
  platform: NodeJS.Platform
  /** PATH; empty for the home of another machine. */
  path: string
  env: Readonly<Record<string, string | undefined>>
}

/** Returns the Serenas on PATH, of uv and of pipx, each once. */
export function findInstalled({ home, platform, path, env }: InstallPlaces): InstalledSerena[] {
  const suffix = platform === 'win32' ? '.exe' : ''
  const found = new Map<string, InstalledSerena>()
  for (const folder of programFolders({ home, platform, path, env }))
    for (const name of NAMES) {
      const program = join(folder, `${name}${suffix}`)
      const root = environmentOf(program)
      const version = root === null ? null : versionIn(root)
      if (root !== null && version !== null && !found.has(root)) found.set(root, { program, version, root })
    }
  return [...found.values()]
}

/** Where programs are looked for, PATH first. */
export function programFolders({ home, platform, path, env }: InstallPlaces): string[] {
  const data = env['XDG_DATA_HOME'] || join(home, '.local', 'share')
  const programs = platform === 'win32' ? 'Scripts' : 'bin'
  const tools = [
    env['UV_TOOL_DIR'] || join(data, 'uv', 'tools'),
    join(data, 'pipx', 'venvs'),
    ...(platform === 'win32' ? [join(home, 'AppData', 'Roaming', 'uv', 'tools')] : []),
  ]
  return [
    ...new Set([
      ...foldersInPath({ PATH: path }, platform),
      join(home, '.local', 'bin'),
      ...tools.map((folder) => join(folder, SERENA_PACKAGE, programs)),
    ]),
  ]
}

/** Returns the version of the package that a program of Serena belongs to; null: not known. */
export function installedVersion(program: string): string | null {
  const root = environmentOf(program)
  return root === null ? null : versionIn(root)
}

/** The packages of the Python environment in that folder. */
export const packageFolders = (root: string): string[] => [
  ...namesIn(join(root, 'lib'))
    .filter((name) => name.startsWith('python'))
    .map((name) => join(root, 'lib', name, 'site-packages')),
  join(root, 'Lib', 'site-packages'),
]

function versionIn(root: string): string | null {
  const names = packageFolders(root).flatMap(namesIn)
  return (
    names.map((name) => /^serena_agent-(.+)\.dist-info$/.exec(name)?.[1]).find((one) => one !== undefined) ??
    null
  )
}

/** The folder of the environment whose `bin` has the program, links resolved; null: there is no such program. */
function environmentOf(program: string): string | null {
  try {
    return existsSync(program) ? dirname(dirname(realpathSync(program))) : null
  } catch {
    // Removed meanwhile.
    return null
  }
}
