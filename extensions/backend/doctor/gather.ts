// Reads all facts that the rules need. Executes nothing and writes nothing.
import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConfigPlatform } from '../clients/configs/config-client.ts'
import { configClientOf } from '../clients/configs/config-clients.ts'
import { loadParser } from '../clients/configs/load-parsers.ts'
import { configPlatformOf, ownConfigs } from '../clients/configs/own-configs.ts'
import { valueAt } from '../clients/configs/plain-values.ts'
import { type ConfigFile, type ReadConfigs, readConfigs } from '../clients/configs/read-configs.ts'
import { isSerenaEntry } from '../clients/configs/serena-entry.ts'
import { unknownClient } from '../clients/configs/unknown-client.ts'
import { findProgram, isExecutable } from '../os/executable.ts'
import { defaultSerenaHome, onlyHomes } from '../os/paths.ts'
import { projectRootAbove } from '../serena/project-root.ts'
import { type EntryLookups, entryFactOf } from './entry-facts.ts'
import type { DoctorFacts, EntryFact, HomeFact, InstalledSerena, ProjectFact } from './facts.ts'
import { readCrashes } from './read-crashes.ts'
import { readHome, readProject, registeredRoots } from './read-homes.ts'
import { type RunningSerenas, readRunning } from './read-running.ts'
import { readUnused } from './read-unused.ts'
import { findInstalled, installedVersion, programFolders } from './serena-installs.ts'

export interface GatherOptions {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  cwd: string
  nowMs: number
  /** Another home folder than the user's; null: the user's. */
  home: string | null
  /** A project folder; null: that of the working folder. */
  project: string | null
  /** Files of clients that are not known. */
  files: readonly string[]
}

export interface Gathered {
  facts: DoctorFacts
  configs: ReadConfigs
}

/** Reads everything. */
export async function gather(options: GatherOptions): Promise<Gathered> {
  const place = placeOf(options)
  const mainHome = readHome(place.serenaHome)
  const registered = registeredRoots(mainHome)
  const roots = [...new Set([...projectsOf(options, place), ...registered])]
  const [configs, seen] = await Promise.all([
    readConfigs({ ...place.configs, projects: roots, files: options.files }),
    place.isElsewhere || onlyHomes(options.env, options.platform) !== null
      ? NOT_SEEN
      : readRunning(options.platform, options.env),
  ])
  const serenas = findInstalled(place.installs)
  const entries = await entryFacts(configs, machineLookups(place, options))
  const homes = [mainHome, ...otherHomes(entries, mainHome)]
  const projects = roots.flatMap((root) => readProject(root, mainHome) ?? [])
  return {
    configs,
    facts: {
      ...factsOf(place, options),
      ...remaining(homes, projects, serenas, seen, place, options),
      entries,
      servers: configs.entries,
      roots,
      unread: configs.unread,
    },
  }
}

const NOT_SEEN: RunningSerenas = { running: [], mayRun: () => false }

interface Place {
  home: string
  isElsewhere: boolean
  serenaHome: string
  configs: { home: string; config?: string; platform: ConfigPlatform; env: NodeJS.ProcessEnv }
  installs: Parameters<typeof findInstalled>[0]
}

/** The home that is examined. Of another machine only the files count, not the variables of this one. */
function placeOf({ env, platform, home }: GatherOptions): Place {
  if (home !== null)
    return {
      home,
      isElsewhere: true,
      serenaHome: join(home, '.serena'),
      configs: { home, platform: configPlatformOf(platform), env: {} },
      installs: { home, platform, path: '', env: {} },
    }
  const configs = ownConfigs(env, platform)
  return {
    home: configs.home || homedir(),
    isElsewhere: false,
    serenaHome: defaultSerenaHome(env, platform),
    configs,
    installs: { home: configs.home, platform, path: env['PATH'] ?? '', env },
  }
}

/** The project that was named, or that of the working folder. */
function projectsOf({ project, cwd, home }: GatherOptions, place: Place): string[] {
  if (project !== null) return [project]
  const root = home === null ? projectRootAbove(cwd) : null
  return root === null || root === place.home ? [] : [root]
}

function otherHomes(entries: readonly EntryFact[], main: HomeFact): HomeFact[] {
  const folders = entries.flatMap(({ entry }) => entry.env['SERENA_HOME']?.trim() ?? [])
  return [...new Set(folders)]
    .filter((folder) => folder !== main.folder && folder.startsWith('/'))
    .map(readHome)
}

const factsOf = ({ home, isElsewhere, serenaHome }: Place, { platform }: GatherOptions) => ({
  platform,
  home,
  isElsewhere,
  serenaHome,
})

function remaining(
  homes: readonly HomeFact[],
  projects: readonly ProjectFact[],
  serenas: readonly InstalledSerena[],
  { running, mayRun }: RunningSerenas,
  { serenaHome, isElsewhere }: Place,
  { nowMs }: GatherOptions,
): Pick<DoctorFacts, 'homes' | 'projects' | 'serenas' | 'running' | 'crashes' | 'unused'> {
  return {
    homes,
    projects,
    serenas,
    running,
    crashes: readCrashes({ serenaHome, nowMs, mayRun: isElsewhere ? null : mayRun }),
    unused: readUnused(
      homes.map(({ folder }) => folder),
      projects,
      serenas,
      nowMs,
    ),
  }
}

/** The entries that start or reach a Serena, with what they start. */
async function entryFacts({ entries, files }: ReadConfigs, lookups: EntryLookups): Promise<EntryFact[]> {
  const byFile = new Map(files.map((one) => [one.file, one]))
  const values = new Map<string, unknown>()
  const facts: EntryFact[] = []
  for (const entry of entries) {
    const file = byFile.get(entry.file)
    if (!file || !isSerenaEntry(entry)) continue
    if (!values.has(file.file)) values.set(file.file, await valueOf(file))
    const client = configClientOf(entry.client) ?? unknownClient(entry.file)
    const { text, modifiedAtMs } = file
    const mode = process.platform === 'win32' ? null : file.mode
    const raw = valueAt(values.get(file.file), entry.path)
    facts.push(
      entryFactOf({ entry, client, file: { file: file.file, text, mode, modifiedAtMs }, raw }, lookups),
    )
  }
  return facts
}

async function valueOf({ text, format }: ConfigFile): Promise<unknown> {
  try {
    return (await loadParser(format))(text).value
  } catch {
    // The front matter of a Markdown file: its entries cannot be changed.
    return undefined
  }
}

function machineLookups(place: Place, { platform }: GatherOptions): EntryLookups {
  const more = programFolders(place.installs)
  const find = (word: string): string | null => findProgram(word, { env: {}, platform, more })
  const isOurs = (path: string): boolean => !place.isElsewhere || path.startsWith(`${place.home}/`)
  return {
    version(word) {
      const program = isAbsolute(word) ? word : find(word)
      return program === null ? null : installedVersion(program)
    },
    program(word) {
      if (/[${}%~]/.test(word) || word.trim() === '') return 'unknown'
      if (/[\\/]/.test(word))
        return isAbsolute(word) && isOurs(word) ? (isExecutable(word) ? 'found' : 'missing') : 'unknown'
      if (find(word) !== null) return 'found'
      return place.isElsewhere ? 'unknown' : 'missing'
    },
    folder(path) {
      if (!isOurs(path)) return 'unknown'
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? 'found' : 'missing'
    },
  }
}

const isAbsolute = (path: string): boolean => /^([\\/]|[A-Za-z]:[\\/])/.test(path)
