// The cause of an early exit of Serena, for known errors: the file to change, and how.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readYamlMapping } from '../lib/yaml-mapping.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { settingsFileOf } from '../serena/settings-file.ts'

const CONFIG_BYTES = 512 * 1024
const PROJECT_BYTES = 256 * 1024
const MOST_PROJECTS = 500
const NAMED = 3

export interface Crash {
  error: string
  /** The end of its log. */
  log: string
  serenaHome: string | null
  projectPath: string | null
  /** The version of another Serena seen on this project. */
  otherVersion: string | null
}

/** Returns cause and fix in sentences; null: not known. */
export function causeOf(crash: Crash): string | null {
  return notTextCause(crash) ?? otherVersionCause(crash) ?? noPortCause(crash)
}

/** `project_name: 2024` of any registered project is a number, but Serena joins the names of all projects as text. */
function notTextCause({ error, serenaHome, projectPath }: Crash): string | null {
  if (!/sequence item \d+: expected str instance/.test(error)) return null
  const found = [...new Set([...(projectPath === null ? [] : [projectPath]), ...projectsOf(serenaHome)])]
    .slice(0, MOST_PROJECTS)
    .map(projectFile)
    .flatMap((file) => {
      const name = mappingOf(file, PROJECT_BYTES)?.get('project_name')
      return typeof name === 'string' || name === undefined ? [] : [{ file, name }]
    })
  const [first] = found
  if (!first) return 'A project_name in a project.yml of its home is not text: put it in quotes.'
  const files = found.slice(0, NAMED).map(({ file }) => file)
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : ''
  return `project_name in ${files.join(', ')}${more} is not text. Put it in quotes: project_name: "${String(first.name)}".`
}

/** Serena 1.7.0 and later rename `languages` in project.yml, which older ones need. */
function otherVersionCause({ error, log, projectPath, otherVersion }: Crash): string | null {
  const key = /^KeyError: ['"](languages?)['"]/.exec(error)?.[1]
  const root =
    /Failed to load project configuration for (.+?): ['"]languages?['"]/.exec(log)?.[1] ?? projectPath
  if (key === undefined || root === null) return null
  const file = projectFile(root)
  const own = versionOf(log)
  const keys = mappingOf(file, PROJECT_BYTES)
  const renamed = ['language_servers', 'languages'].find((one) => one !== key && keys?.has(one))
  if (renamed === undefined) return `${file} has no key ${key}.`
  const least = renamed === 'language_servers' ? '1.7.0 or later' : 'of a later version'
  return `Serena ${own ?? 'of an earlier version'} needs the key ${key} in ${file}; Serena ${otherVersion ?? least} renamed it to ${renamed}. Use one version of Serena for this project.`
}

function noPortCause({ error }: Crash): string | null {
  if (!/No free ports? found/.test(error)) return null
  return 'Serena cannot listen on any port, for example in a sandbox. Start it with --enable-web-dashboard false.'
}

/** Returns the version of the Serena that wrote the log: from its first line, else from the package in its traceback. */
export function versionOf(log: string): string | null {
  const logged = /Starting Serena server \(version=(\d+(?:\.\d+)*)/.exec(log)?.[1]
  if (logged !== undefined) return logged
  const packages = /File "(.+[\\/]site-packages)[\\/]serena[\\/]/.exec(log)?.[1]
  if (packages === undefined) return null
  try {
    const names = readdirSync(packages).flatMap(
      (name) => /^serena_agent-(.+)\.dist-info$/.exec(name)?.[1] ?? [],
    )
    return names[0] ?? null
  } catch {
    // Removed meanwhile, or not readable.
    return null
  }
}

function projectsOf(serenaHome: string | null): readonly string[] {
  const projects =
    serenaHome === null ? null : mappingOf(settingsFileOf(serenaHome), CONFIG_BYTES)?.get('projects')
  return Array.isArray(projects) ? projects.filter((one) => typeof one === 'string') : []
}

const projectFile = (root: string): string => join(root, '.serena', 'project.yml')

function mappingOf(file: string, maxBytes: number): ReadonlyMap<unknown, unknown> | null {
  const read = readRegularFile(file, maxBytes)
  if (read.kind !== 'text' || read.isCut) return null
  const mapping = readYamlMapping(read.text)
  return 'keys' in mapping ? mapping.keys : null
}
