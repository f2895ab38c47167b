// Builds the places where a client keeps its servers. Pure.
import { join } from 'node:path'
import type { ConfigPlace, ServerList, Surroundings } from './config-client.ts'
import type { ConfigFormat } from './config-entry.ts'

/** The keys of a list in the files of most clients. */
const USUAL_KEYS = ['mcpServers', 'mcp_servers', 'servers', 'context_servers'] as const

/** The list below one key; lists below the keys of other clients are not read, and shown as such. */
export const listsAt = (key: string, more: readonly ServerList[] = []): readonly ServerList[] => [
  { keys: [key] },
  ...more,
  ...USUAL_KEYS.filter((other) => other !== key && !more.some(({ keys }) => keys[0] === other)).map(
    (other): ServerList => ({
      keys: [other],
      ignored: `The servers must be below "${key}", not below "${other}".`,
    }),
  ),
]

export const MCP_SERVERS = listsAt('mcpServers')

/** A file of servers alone: servers that are not below the key are not read. */
export const serversFile = (key: string): readonly ServerList[] => [
  ...listsAt(key),
  { keys: [], isFallback: true, ignored: `The servers must be below "${key}".` },
]

/** Returns the format that the name of the file says. */
export const formatOfName = (file: string): ConfigFormat =>
  /\.toml$/i.test(file)
    ? 'toml'
    : /\.(ya?ml|md)$/i.test(file)
      ? 'yaml'
      : /\.json5$/i.test(file)
        ? 'json5'
        : 'json'

type More = Partial<Omit<ConfigPlace, 'file'>>

export const place = (file: string, { scope = 'user', ...more }: More = {}): ConfigPlace => ({
  file,
  format: formatOfName(file),
  lists: MCP_SERVERS,
  project: null,
  ...more,
  scope,
})

/** The places of each project, relative to its folder. */
export const inProjects = (
  { projects }: Surroundings,
  files: readonly string[],
  more: More = {},
): ConfigPlace[] =>
  projects.flatMap((project) =>
    files.map((file) => place(join(project, file), { scope: 'project', project, ...more })),
  )

/** The folders of VS Code and its forks that keep the settings of a user. */
export const VS_CODE_FOLDERS: readonly (readonly [id: string, name: string, folder: string])[] = [
  ['vscode', 'VS Code', 'Code'],
  ['vscode-insiders', 'VS Code Insiders', 'Code - Insiders'],
  ['vscodium', 'VSCodium', 'VSCodium'],
  ['cursor', 'Cursor', 'Cursor'],
  ['windsurf', 'Windsurf', 'Windsurf'],
  ['kiro', 'Kiro', 'Kiro'],
  ['antigravity', 'Antigravity', 'Antigravity'],
  ['trae', 'Trae', 'Trae'],
  ['positron', 'Positron', 'Positron'],
]

/** The folders of servers that serve a VS Code on another machine. */
const SERVER_FOLDERS = [
  '.vscode-server',
  '.vscode-server-insiders',
  '.vscodium-server',
  '.cursor-server',
  '.windsurf-server',
]

/** Where an extension of VS Code keeps a file: in each fork, and on remote machines. */
export const extensionFiles = (
  { home, config }: Surroundings,
  extension: string,
  ...parts: readonly string[]
): string[] => [
  ...VS_CODE_FOLDERS.map(([, , folder]) =>
    join(config, folder, 'User', 'globalStorage', extension, ...parts),
  ),
  ...SERVER_FOLDERS.map((folder) => join(home, folder, 'data', 'User', 'globalStorage', extension, ...parts)),
]
