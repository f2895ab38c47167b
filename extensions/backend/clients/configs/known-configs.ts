// Where MCP clients keep the list of their servers, for the user and for each project. From the clients' own documentation.
import { join } from 'node:path'

export interface ClientConfig {
  client: string
  file: string
  format: 'json' | 'toml'
  /** The keys of its lists of servers; `*` stands for every key. */
  lists: readonly (readonly string[])[]
}

/** Folders of this user, by platform. */
export interface UserFolders {
  home: string
  /** `~/.config`, `~/Library/Application Support`, `%APPDATA%`. */
  config: string
}

type Kind = Pick<ClientConfig, 'format' | 'lists'>

const MCP_SERVERS: Kind = { format: 'json', lists: [['mcpServers']] }
const CLAUDE_CODE: Kind = { format: 'json', lists: [['mcpServers'], ['projects', '*', 'mcpServers']] }
/** `mcp.json`; the same file in the settings: `mcp.servers`, as one key or as two. */
const VS_CODE: Kind = { format: 'json', lists: [['servers']] }
const VS_CODE_SETTINGS: Kind = { format: 'json', lists: [['mcp', 'servers'], ['mcp.servers']] }
const CODEX: Kind = { format: 'toml', lists: [['mcp_servers']] }
const ZED: Kind = { format: 'json', lists: [['context_servers']] }
const OPENCODE: Kind = { format: 'json', lists: [['mcp']] }

/** Returns the configuration files of the known clients, whether they exist or not. */
export function knownConfigs({ home, config }: UserFolders, projects: readonly string[]): ClientConfig[] {
  const at = (client: string, kind: Kind, folder: string, ...parts: readonly string[]): ClientConfig => ({
    client,
    file: join(folder, ...parts),
    ...kind,
  })
  return [
    at('Claude Code', CLAUDE_CODE, home, '.claude.json'),
    at('Claude Desktop', MCP_SERVERS, config, 'Claude', 'claude_desktop_config.json'),
    at('Cursor', MCP_SERVERS, home, '.cursor', 'mcp.json'),
    at('VS Code', VS_CODE, config, 'Code', 'User', 'mcp.json'),
    at('VS Code', VS_CODE_SETTINGS, config, 'Code', 'User', 'settings.json'),
    at('Windsurf', MCP_SERVERS, home, '.codeium', 'windsurf', 'mcp_config.json'),
    at('Codex', CODEX, home, '.codex', 'config.toml'),
    at('Gemini CLI', MCP_SERVERS, home, '.gemini', 'settings.json'),
    at('Zed', ZED, config, 'zed', 'settings.json'),
    at('opencode', OPENCODE, config, 'opencode', 'opencode.json'),
    at('opencode', OPENCODE, config, 'opencode', 'opencode.jsonc'),
    at('Copilot CLI', MCP_SERVERS, home, '.copilot', 'mcp-config.json'),
    at('Kiro', MCP_SERVERS, home, '.kiro', 'settings', 'mcp.json'),
    ...projects.flatMap((project) => [
      at('Claude Code', MCP_SERVERS, project, '.mcp.json'),
      at('Cursor', MCP_SERVERS, project, '.cursor', 'mcp.json'),
      at('VS Code', VS_CODE, project, '.vscode', 'mcp.json'),
      at('Gemini CLI', MCP_SERVERS, project, '.gemini', 'settings.json'),
    ]),
  ]
}
