// How an entry of a server is spelled for each client, for a command and for a URL. Facts from the documentation of the clients.
import type { Fields } from '../../lib/fields.ts'

export interface CommandEntry {
  program: string
  args: readonly string[]
}

export interface UrlEntry {
  url: string
  headers: Readonly<Record<string, string>>
}

/** What to paste into a client. */
export interface SnippetShape {
  /** The word on the command line of `hub snippet`. */
  id: string
  aliases: readonly string[]
  /** Where to put it, in words. */
  file: string
  format: 'json' | 'toml' | 'yaml'
  /** The keys around the entry; the last one is the list. */
  path: readonly string[]
  /** `map`: by name; `list`: with a `name` in each entry. */
  list: 'map' | 'list'
  /** Arguments of Serena that name the project of the client. */
  project: readonly string[]
  command: (entry: CommandEntry) => Fields
  /** Null: it takes no URL in its file. */
  url: ((entry: UrlEntry) => Fields) | null
  /** False: the secret is a part of the URL. */
  sendsHeaders: boolean
  note: string | null
}

const FROM_CWD = ['--project-from-cwd']
export const WORKSPACE = ['--project', '${workspaceFolder}']
/** It has no folder: the agent activates a project. */
export const NO_PROJECT: readonly string[] = []

export const plainCommand = ({ program, args }: CommandEntry): Fields => ({ command: program, args })
export const typedCommand =
  (type: string) =>
  (entry: CommandEntry): Fields => ({ type, ...plainCommand(entry) })
const plainUrl = ({ url, headers }: UrlEntry): Fields => ({ url, headers })
export const typedUrl =
  (type: string) =>
  (entry: UrlEntry): Fields => ({ type, ...plainUrl(entry) })
export const serverUrl = ({ url, headers }: UrlEntry): Fields => ({ serverUrl: url, headers })
export const httpUrl = ({ url, headers }: UrlEntry): Fields => ({ httpUrl: url, headers })
export const localCommand = ({ program, args }: CommandEntry): Fields => ({
  type: 'local',
  command: [program, ...args],
  enabled: true,
})
export const remoteUrl = ({ url, headers }: UrlEntry): Fields => ({
  type: 'remote',
  url,
  headers,
  enabled: true,
})

/** Fills in what most clients have in common. */
export const snippetShape = (
  id: string,
  file: string,
  others: Partial<Omit<SnippetShape, 'id' | 'file'>> = {},
): SnippetShape => ({
  id,
  file,
  aliases: [],
  format: 'json',
  path: ['mcpServers'],
  list: 'map',
  project: FROM_CWD,
  command: plainCommand,
  url: plainUrl,
  sendsHeaders: true,
  note: null,
  ...others,
})
