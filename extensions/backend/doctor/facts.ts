// What the rules judge: the entries, what they start, and what is on this machine. Plain data; `gather.ts` reads it.
import type { ConfigClient } from '../clients/configs/config-client.ts'
import type { ConfigEntry, UnreadConfig } from '../clients/configs/config-entry.ts'
import type { SerenaCommand } from '../serena/serena-process.ts'

export type ConfigPath = readonly (string | number)[]

/** A configuration file that was read. */
export interface FileFact {
  file: string
  text: string
  /** Permission bits; null: Windows. */
  mode: number | null
  modifiedAtMs: number
}

/** Where the program comes from, if a package runner starts it. */
export interface PackageSource {
  kind: 'git' | 'index'
  /** As given: `git+https://github.com/oraios/serena`. */
  text: string
  /** Of `argv`. */
  index: number
  /** The branch, tag or version; null: none. */
  ref: string | null
  /** Null: `ref` is none, or names no single version. */
  version: string | null
}

/** One entry with everything that is known about what it starts. */
export interface EntryFact {
  entry: ConfigEntry
  client: ConfigClient
  file: FileFact
  /** The value of the entry in the file. */
  raw: unknown
  /** Program and arguments; split into words if the file has one string. Empty: it connects to a URL. */
  argv: readonly string[]
  /** The place of each word in the file; null: it is a part of a longer text. */
  places: readonly (ConfigPath | null)[]
  isOneString: boolean
  through: 'wrap' | 'connect' | null
  /** The words of Serena after its subcommand, as indexes of `argv`; null: not found. */
  serenaFrom: number | null
  command: SerenaCommand | null
  source: PackageSource | null
  /** Of the Serena that it starts; null: not known. */
  version: string | null
  program: 'found' | 'missing' | 'unknown'
  /** The project folder that the entry names itself or is for; null: the client's folder decides. */
  root: string | null
  /** What a folder that it names is. */
  folder: 'found' | 'missing' | 'unknown'
}

/** A Serena that is installed. */
export interface InstalledSerena {
  program: string
  version: string
  /** The folder of its Python environment. */
  root: string
}

/** A settings file of Serena, `serena_config.yml` or `project.yml`. */
export interface SettingsFact {
  file: string
  text: string | null
  /** Why it cannot be used; null: it can, or there is none. */
  problem: string | null
  line: number | null
  keys: ReadonlyMap<unknown, unknown>
}

export interface HomeFact extends SettingsFact {
  folder: string
}

export interface ProjectFact extends SettingsFact {
  root: string
  /** The folder with its data, links resolved; null: it does not exist. */
  data: string | null
  /** The folder of the repository's database, for worktrees equal; null: not a Git repository. */
  repository: string | null
}

/** A running Serena. */
export interface RunningFact {
  pid: number
  startedAtMs: number
  argv: readonly string[]
  cwd: string | null
  command: SerenaCommand | null
  version: string | null
  /** Display name of its client; null: not known. */
  client: string | null
  clientPid: number | null
  /** The working folder of its client; null: not known. */
  clientFolder: string | null
  /** Its client is an agent that keeps its files where they were read here; false: it does not, or that is not known. */
  readsSameFiles: boolean
  isOfHub: boolean
}

/** A start that ended within ten seconds. */
export interface CrashFact {
  log: string
  atMs: number
  lifetimeMs: number
  error: string
  cause: string | null
}

/** Files that no installed Serena uses. */
export interface UnusedFact {
  kind: 'logs' | 'language-server' | 'cache'
  folder: string
  bytes: number
  /** Why it counts as unused. */
  reason: string
}

export interface DoctorFacts {
  platform: NodeJS.Platform
  /** The user's home folder that is examined. */
  home: string
  /** Another machine's home: paths outside of it are not judged. */
  isElsewhere: boolean
  /** The SERENA_HOME of a Serena without the variable. */
  serenaHome: string
  /** Of all clients, also those that start no Serena. */
  servers: readonly ConfigEntry[]
  /** Those that start or reach a Serena. */
  entries: readonly EntryFact[]
  /** The project folders whose files were read. */
  roots: readonly string[]
  unread: readonly UnreadConfig[]
  serenas: readonly InstalledSerena[]
  homes: readonly HomeFact[]
  projects: readonly ProjectFact[]
  running: readonly RunningFact[]
  crashes: readonly CrashFact[]
  unused: readonly UnusedFact[]
}
