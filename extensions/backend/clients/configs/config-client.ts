// What is known of a client that starts MCP servers: its places, its spelling, what it expands, and the text to paste. Data only; the
// readers (read-configs.ts), the doctor and `hub snippet` use it.
import type { ConfigEntry, ConfigFormat, ConfigScope } from './config-entry.ts'
import type { SnippetShape } from './snippet-shapes.ts'

export type ConfigPlatform = 'linux' | 'darwin' | 'win32'

/** Where to look, and what is there. Places are computed from it alone. */
export interface Surroundings {
  home: string
  /** `~/.config`, `~/Library/Application Support`, `%APPDATA%`. */
  config: string
  /** `~/.config` on every platform. */
  dotConfig: string
  platform: ConfigPlatform
  /** Only the variables that name folders of clients: CODEX_HOME, CLAUDE_CONFIG_DIR … */
  env: Readonly<Record<string, string | undefined>>
  projects: readonly string[]
  /** The names in a folder; empty: there is none. */
  names(folder: string): readonly string[]
  /** The value of a JSON file, with comments or without; undefined: it cannot be read. */
  value(file: string): unknown
}

/** A list of servers in a file. */
export interface ServerList {
  /** The keys from the root to the list; `*` stands for every key; empty: the whole file. */
  keys: readonly string[]
  /** Another scope than that of the place. */
  scope?: ConfigScope
  /** The key that `*` stands for is the project of its entries. */
  isByProject?: true
  /** The value is one entry with this name, not a list. */
  single?: string
  /** Only if the file has none of the other lists. */
  isFallback?: true
  /** Why the client does not read it. */
  ignored?: string
}

export interface ConfigPlace {
  scope: ConfigScope
  file: string
  format: ConfigFormat
  lists: readonly ServerList[]
  /** The folder whose project file it is; null: it is the user's. */
  project: string | null
  ignored?: string
  isOldPlace?: true
  owner?: string
  /** Put before the name of each entry: `plugin:P:`. */
  prefix?: string
  /** Only shown: a shell script, the settings of an IDE. The reason. */
  shownOnly?: string
}

/** Whether an entry is on, by other settings of its client. */
export interface Decision {
  enabled: boolean | null
  note: string | null
}

export interface ConfigClient {
  /** In kebab-case. */
  id: string
  name: string
  /** The files that it reads, whether they exist or not; the earlier one counts where a file is there twice. */
  places: (where: Surroundings) => readonly ConfigPlace[]
  /** Which entry of the same name starts: the first scope of these. */
  precedence: readonly ConfigScope[]
  /** The context of Serena that fits it. */
  context: string
  /** Other contexts that fit it. */
  otherContexts: readonly string[]
  /** The placeholders that it expands in command, arguments and environment. */
  expands: readonly RegExp[]
  /** It starts servers in the folder of the project; null: depends on how it is used. */
  hasFolder: boolean | null
  /** The same for the entries of the user's own file. */
  hasUserFolder: boolean | null
  /** It sees a change of its files only after a restart. */
  mustRestart: boolean
  /** It takes servers from no place but these, apart from options of its command line. */
  isFullyRead: boolean
  /** We may write its files. */
  isWritable: boolean
  /** It accepts comments and trailing commas in JSON; null: not known. */
  acceptsComments: boolean | null
  /** Whether its other settings switch an entry off, or leave that open; null: they say nothing. */
  decide: (entry: ConfigEntry, where: Surroundings) => Decision | null
  /** Why it never starts an entry of this shape; null: it does. */
  ignores: (entry: ConfigEntry, value: Readonly<Record<string, unknown>>) => string | null
  /** What is on PATH when it is installed. */
  programs: readonly string[]
  /** What is in the home folder when it is installed; null: the folder of its file, which is its own. */
  folders: readonly string[] | null
  /** What to paste into it; null: `hub snippet` does not know it. */
  snippet: SnippetShape | null
}

/** The precedence of most clients. */
const PRECEDENCE: readonly ConfigScope[] = [
  'managed',
  'local',
  'project',
  'profile',
  'remote',
  'user',
  'plugin',
  'extension',
  'subagent',
]

/** Fills in what most clients have in common. */
export const client = (
  id: string,
  name: string,
  places: ConfigClient['places'],
  others: Partial<ConfigClient> = {},
): ConfigClient => ({
  id,
  name,
  places,
  precedence: PRECEDENCE,
  context: 'ide',
  otherContexts: [],
  expands: [],
  hasFolder: true,
  hasUserFolder: others.hasFolder === undefined ? true : others.hasFolder,
  mustRestart: true,
  isFullyRead: false,
  isWritable: true,
  acceptsComments: null,
  decide: () => null,
  ignores: () => null,
  programs: [],
  folders: null,
  snippet: null,
  ...others,
})
