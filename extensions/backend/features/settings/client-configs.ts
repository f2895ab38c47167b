// Which clients start Serena with a flag that beats its file: their configurations are looked at, and never changed. Nothing of
// them but the flag is shown: they hold keys and tokens.
import { join } from 'node:path'
import type { ClientFlag } from '#contract/settings'
import { readRegularFile } from '../../lib/read-file.ts'

const MAX_BYTES = 4 * 1024 * 1024

export interface ClientConfig {
  client: string
  file: string
}

/** Folders of this user, by platform. */
export interface UserFolders {
  home: string
  /** `~/.config`, `~/Library/Application Support`, `%APPDATA%`. */
  config: string
}

/** Where the known clients keep the list of their MCP servers, for the user and for each project. From the clients' own documentation. */
export function knownConfigs({ home, config }: UserFolders, projects: readonly string[]): ClientConfig[] {
  const at = (client: string, ...parts: readonly string[]): ClientConfig => ({
    client,
    file: join(...(parts as [string])),
  })
  return [
    at('Claude Code', home, '.claude.json'),
    at('Claude Desktop', config, 'Claude', 'claude_desktop_config.json'),
    at('Cursor', home, '.cursor', 'mcp.json'),
    at('VS Code', config, 'Code', 'User', 'mcp.json'),
    at('VS Code', config, 'Code', 'User', 'settings.json'),
    at('Windsurf', home, '.codeium', 'windsurf', 'mcp_config.json'),
    at('Codex', home, '.codex', 'config.toml'),
    at('Gemini CLI', home, '.gemini', 'settings.json'),
    at('Zed', config, 'zed', 'settings.json'),
    at('opencode', config, 'opencode', 'opencode.json'),
    at('Copilot CLI', home, '.copilot', 'mcp-config.json'),
    at('Kiro', home, '.kiro', 'settings', 'mcp.json'),
    ...projects.flatMap((project) => [
      at('Claude Code', project, '.mcp.json'),
      at('Cursor', project, '.cursor', 'mcp.json'),
      at('VS Code', project, '.vscode', 'mcp.json'),
      at('Gemini CLI', project, '.gemini', 'settings.json'),
    ]),
  ]
}

/** A string of JSON, of JSON with comments, or of TOML: what stands between two equal quotes on one line. */
const STRING = /"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'/g
const SERENA = /(^|[/\\])serena(-mcp-server|-agent)?(\.exe)?$|^start-mcp-server$|serena-agent|oraios\/serena/
/** So far before a flag stands the program that it is for. */
const NEAR = 24

type Found = Omit<ClientFlag, 'client' | 'file'>

const EFFECTS: readonly { flag: string; value: RegExp; effect: ClientFlag['effect'] }[] = [
  { flag: '--open-web-dashboard', value: /^true$/i, effect: 'opens' },
  { flag: '--open-web-dashboard', value: /^false$/i, effect: 'stays-closed' },
  { flag: '--enable-web-dashboard', value: /^false$/i, effect: 'no-dashboard' },
]

/** The flags for a Serena in the text of a configuration, whatever its format. Pure. */
export function flagsIn(text: string): Found[] {
  const words = [...text.matchAll(STRING)].map(([, double, single]) => double ?? single ?? '')
  const found = words.flatMap((word, at) => {
    if (!words.slice(Math.max(0, at - NEAR), at).some((before) => SERENA.test(before))) return []
    const [flag = '', joined] = word.split('=')
    const value = joined ?? words[at + 1] ?? ''
    return EFFECTS.filter((one) => one.flag === flag && one.value.test(value)).map(({ effect }) => ({
      flag: `${flag} ${value.toLowerCase()}`,
      effect,
    }))
  })
  return [...new Map(found.map((one) => [one.flag, one])).values()]
}

/** Looks at those that are there. A file that cannot be read says nothing. */
export function readClientFlags(configs: readonly ClientConfig[]): ClientFlag[] {
  return configs.flatMap(({ client, file }) => {
    const read = readRegularFile(file, MAX_BYTES)
    return read.kind === 'text' ? flagsIn(read.text).map((found) => ({ client, file, ...found })) : []
  })
}
