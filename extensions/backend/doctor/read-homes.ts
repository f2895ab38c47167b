// The SERENA_HOMEs and the projects that are registered in them.
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readPlainKeys } from '../lib/plain-keys.ts'
import { readYamlMapping } from '../lib/yaml-mapping.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { realPath } from '../os/files/real-path.ts'
import { MAX_PARSED_CHARACTERS, settingsFileOf } from '../serena/settings-file.ts'
import type { HomeFact, ProjectFact } from './facts.ts'

const MAX_BYTES = 512 * 1024
const MOST_PROJECTS = 200
const PLAIN_KEYS = [
  'web_dashboard_open_on_launch',
  'web_dashboard',
  'web_dashboard_listen_address',
  'web_dashboard_global',
]

interface ReadKeys {
  text: string | null
  keys: ReadonlyMap<unknown, unknown>
  problem: string | null
  line: number | null
}

const NOTHING: ReadKeys = { text: null, keys: new Map(), problem: null, line: null }

/** Returns the settings of a home. */
export const readHome = (folder: string): HomeFact => {
  const file = settingsFileOf(folder)
  return { folder, file, ...readKeysOf(file) }
}

/** Returns the folders that are registered in a home. */
export function registeredRoots({ keys }: HomeFact): string[] {
  const projects = keys.get('projects')
  return Array.isArray(projects)
    ? projects.filter((one): one is string => typeof one === 'string' && one !== '').slice(0, MOST_PROJECTS)
    : []
}

/** Returns a project with its data; null: there is no such folder. */
export function readProject(root: string, home: HomeFact | undefined): ProjectFact | null {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) return null
  const folder = dataFolderOf(root, home)
  const file = join(folder, 'project.yml')
  return { root, file, ...readKeysOf(file), data: realOrNull(folder), repository: repositoryOf(root) }
}

function readKeysOf(file: string): ReadKeys {
  const read = readRegularFile(realOrNull(file) ?? file, MAX_BYTES)
  if (read.kind === 'missing') return NOTHING
  if (read.kind === 'refused') return { ...NOTHING, problem: `It cannot be read: ${read.why}.` }
  const { text } = read
  if (read.isCut || text.length > MAX_PARSED_CHARACTERS)
    return { ...NOTHING, text, keys: readPlainKeys(text, PLAIN_KEYS) ?? new Map() }
  // A stock file is nearly all comments, which the parser is slow to skip.
  const mapping = readYamlMapping(text.replace(/^[ \t]*#.*$/gm, ''))
  if ('keys' in mapping) return { text, keys: mapping.keys, problem: null, line: null }
  const line = /line (\d+)/.exec(mapping.problem)?.[1]
  return { text, keys: new Map(), problem: mapping.problem, line: line === undefined ? null : Number(line) }
}

/** Serena's own rule: the folder of the setting if it exists, else `.serena` in the project. */
function dataFolderOf(root: string, home: HomeFact | undefined): string {
  const usual = join(root, '.serena')
  const template = home?.keys.get('project_serena_folder_location')
  if (typeof template !== 'string' || template.trim() === '') return usual
  const folder = template.replaceAll('$projectDir', root).replaceAll('$projectFolderName', basename(root))
  return realOrNull(folder) === null ? usual : folder
}

/** The folder that all working trees of a repository share. */
function repositoryOf(root: string): string | null {
  const git = join(root, '.git')
  const stats = statSync(git, { throwIfNoEntry: false })
  if (stats === undefined) return null
  if (stats.isDirectory()) return realOrNull(git)
  try {
    const link = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1]?.trim()
    // `…/.git/worktrees/NAME`
    return link === undefined ? null : realOrNull(dirname(dirname(resolve(root, link))))
  } catch {
    // Removed meanwhile.
    return null
  }
}

function realOrNull(path: string): string | null {
  try {
    return realPath(path)
  } catch {
    // It does not exist.
    return null
  }
}
