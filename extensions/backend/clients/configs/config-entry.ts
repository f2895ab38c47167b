// One server of a client's configuration, as it is in the file.

export type ConfigFormat = 'json' | 'json5' | 'toml' | 'yaml'

/** Where a client reads it from. Which one wins is part of the description of each client. */
export type ConfigScope =
  | 'user'
  | 'local'
  | 'project'
  | 'profile'
  | 'plugin'
  | 'extension'
  | 'subagent'
  | 'managed'
  | 'remote'

export interface ConfigEntry {
  /** The id of the client: `claude-code`. */
  client: string
  scope: ConfigScope
  file: string
  format: ConfigFormat
  /** The keys from the root of the file to the entry; a number is a place in a list. */
  path: readonly (string | number)[]
  name: string
  /** Of the entry in the file, from 1. */
  line: number
  transport: 'stdio' | 'http'
  /** The program and its arguments as the client starts them; null: it connects to a URL. */
  command: readonly string[] | null
  url: string | null
  env: Readonly<Record<string, string>>
  /** The folder that the entry names; null: the one that the client chooses. */
  cwd: string | null
  /** The project folder that an entry of a project or of the local scope is for; null: all. */
  project: string | null
  /** Null: the client decides by something that cannot be read here (an approval, for example). */
  enabled: boolean | null
  /** Why it is not enabled, or not known to be; null: it is enabled. */
  note: string | null
  /** The kind that the entry names itself: `stdio`, `http`, `sse`, `local` …; absent: none. */
  type?: string
  /** Why the client never starts it, whatever its switch says: a place, a key or a shape that the client does not read. */
  ignored?: string
  /** A place that newer versions of the client replaced. */
  isOldPlace?: true
  /** The client that the file belongs to, if this client reads it as well: fix it there. */
  owner?: string
  /** Sent with each request to the URL. */
  headers?: Readonly<Record<string, string>>
}

/** A file that exists and could not be read as its format, or only in part. */
export interface UnreadConfig {
  client: string
  file: string
  reason: string
}
