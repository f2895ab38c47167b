// Editors and their built-in agents: one file for the user, mostly one in the project.
import { join } from 'node:path'
import { type ConfigPlace, client, type Surroundings } from '../config-client.ts'
import { inProjects, listsAt, place, serversFile } from '../config-places.ts'
import { ENV_BRACES, ENV_COLON, FILE_VARIABLE, WORKSPACE_VARIABLE } from '../placeholders.ts'
import { valueAt } from '../plain-values.ts'
import { NO_PROJECT, serverUrl, snippetShape, typedUrl, WORKSPACE } from '../snippet-shapes.ts'

const SERVERS = serversFile('mcpServers')

export const CURSOR = client(
  'cursor',
  'Cursor',
  (where) => [
    place(join(where.home, '.cursor', 'mcp.json'), { lists: SERVERS }),
    ...inProjects(where, ['.cursor/mcp.json'], { lists: SERVERS }),
  ],
  {
    expands: [ENV_COLON, WORKSPACE_VARIABLE],
    programs: ['cursor', 'cursor-agent'],
    snippet: snippetShape('cursor', '.cursor/mcp.json of the project, or ~/.cursor/mcp.json', {
      project: WORKSPACE,
    }),
  },
)

export const WINDSURF = client(
  'windsurf',
  'Windsurf',
  (where) => [
    place(join(where.home, '.codeium', 'windsurf', 'mcp_config.json'), { lists: SERVERS }),
    // The plugin for JetBrains.
    place(join(where.home, '.codeium', 'mcp_config.json'), { lists: SERVERS }),
    ...inProjects(where, ['.windsurf/mcp_config.json'], { lists: SERVERS }),
  ],
  {
    expands: [ENV_COLON, FILE_VARIABLE],
    hasFolder: false,
    programs: ['windsurf'],
    snippet: snippetShape('windsurf', '~/.codeium/windsurf/mcp_config.json', {
      project: NO_PROJECT,
      url: serverUrl,
      sendsHeaders: false,
      note: 'Windsurf passes no project folder: add --project and the folder, or let the agent activate the project.',
    }),
  },
)

const zedPlaces = (where: Surroundings): ConfigPlace[] => {
  const lists = listsAt('context_servers')
  const folder = where.platform === 'win32' ? join(where.config, 'Zed') : join(where.dotConfig, 'zed')
  return [
    place(join(folder, 'settings.json'), { lists }),
    ...inProjects(where, ['.zed/settings.json'], { lists }),
  ]
}

export const ZED = client('zed', 'Zed', zedPlaces, {
  mustRestart: false,
  acceptsComments: true,
  programs: ['zed', 'zeditor'],
  snippet: snippetShape('zed', '~/.config/zed/settings.json, or .zed/settings.json of the project', {
    path: ['context_servers'],
    command: ({ program, args }) => ({ source: 'custom', command: program, args, env: {} }),
  }),
})

export const JUNIE = client(
  'junie',
  'Junie',
  (where) => [
    place(join(where.home, '.junie', 'mcp', 'mcp.json'), { lists: SERVERS }),
    ...inProjects(where, ['.junie/mcp/mcp.json'], { lists: SERVERS }),
  ],
  {
    hasUserFolder: false,
    context: 'junie',
    programs: ['junie'],
    snippet: snippetShape('junie', '.junie/mcp/mcp.json of the project, or ~/.junie/mcp/mcp.json'),
  },
)

/** The settings of each installed IDE, as XML. */
const jetbrainsPlaces = ({ config, names }: Surroundings): ConfigPlace[] => {
  const parent = join(config, 'JetBrains')
  return names(parent).flatMap((product) =>
    names(join(parent, product, 'options'))
      .filter((name) => /mcp.*\.xml$/i.test(name))
      .map((name) =>
        place(join(parent, product, 'options', name), {
          shownOnly: 'The IDE writes this file: change it in Settings > Tools > AI Assistant > MCP.',
        }),
      ),
  )
}

export const JETBRAINS_AI = client('jetbrains-ai', 'JetBrains AI Assistant', jetbrainsPlaces, {
  context: 'jb-ai-assistant',
  isWritable: false,
  // The field "working directory" of each server decides.
  hasFolder: null,
  snippet: snippetShape('jetbrains', 'Settings > Tools > AI Assistant > MCP, as JSON', {
    aliases: ['jb-ai-assistant', 'intellij'],
    sendsHeaders: false,
    note: 'Set the working directory of the server to the folder of the project. URLs work from 2026.1 on.',
  }),
})

const antigravityPlaces = (where: Surroundings): ConfigPlace[] => {
  const gemini = join(where.home, '.gemini')
  const old = { lists: SERVERS, isOldPlace: true } as const
  return [
    place(join(gemini, 'config', 'mcp_config.json'), { lists: SERVERS }),
    place(join(gemini, 'antigravity', 'mcp_config.json'), old),
    place(join(gemini, 'antigravity-cli', 'mcp_config.json'), old),
    ...inProjects(where, ['.agents/mcp_config.json'], { lists: SERVERS }),
    ...inProjects(where, ['.agent/mcp_config.json'], old),
  ]
}

export const ANTIGRAVITY = client('antigravity', 'Antigravity', antigravityPlaces, {
  context: 'antigravity',
  hasFolder: false,
  programs: ['antigravity', 'agy'],
  snippet: snippetShape('antigravity', '~/.gemini/config/mcp_config.json', {
    project: NO_PROJECT,
    url: serverUrl,
    sendsHeaders: false,
    note: 'Antigravity passes no project folder: the agent activates the project.',
  }),
})

const kiroPlaces = (where: Surroundings): ConfigPlace[] => {
  const agents = join(where.home, '.kiro', 'agents')
  return [
    place(join(where.home, '.kiro', 'settings', 'mcp.json'), { lists: SERVERS }),
    ...inProjects(where, ['.kiro/settings/mcp.json'], { lists: SERVERS }),
    ...where
      .names(agents)
      .filter((name) => name.endsWith('.json'))
      .map((name) => place(join(agents, name), { scope: 'subagent' })),
  ]
}

export const KIRO = client('kiro', 'Kiro', kiroPlaces, {
  expands: [ENV_BRACES],
  mustRestart: false,
  programs: ['kiro', 'kiro-cli'],
  snippet: snippetShape('kiro', '.kiro/settings/mcp.json of the project, or ~/.kiro/settings/mcp.json', {
    url: typedUrl('streamable-http'),
  }),
})

export const COPILOT_CLI = client('copilot-cli', 'Copilot CLI', copilotPlaces, {
  context: 'copilot-cli',
  expands: [ENV_BRACES, /^\$[A-Za-z_]\w*$/],
  decide({ scope, project }, where) {
    if (scope !== 'project' || project === null) return null
    const trusted = valueAt(where.value(join(copilotFolder(where), 'config.json')), ['trusted_folders'])
    return Array.isArray(trusted) && trusted.some((one) => one === project)
      ? null
      : { enabled: null, note: 'Copilot CLI reads it only once the folder is trusted.' }
  },
  programs: ['copilot'],
  snippet: snippetShape('copilot-cli', '.mcp.json of the project, or ~/.copilot/mcp-config.json', {
    aliases: ['copilot'],
    command: ({ program, args }) => ({ type: 'local', command: program, args, tools: ['*'] }),
    url: ({ url, headers }) => ({ type: 'http', url, headers, tools: ['*'] }),
  }),
})

function copilotFolder({ home, env }: Surroundings): string {
  return env['COPILOT_HOME'] || join(home, '.copilot')
}

function copilotPlaces(where: Surroundings): ConfigPlace[] {
  const lists = [...listsAt('mcpServers'), { keys: [], isFallback: true as const }]
  const isInstalled = where.names(copilotFolder(where)).length > 0
  return [
    place(join(copilotFolder(where), 'mcp-config.json'), { lists }),
    ...inProjects(where, ['.github/mcp.json'], { lists }),
    // The file belongs to Claude Code.
    ...(isInstalled ? inProjects(where, ['.mcp.json'], { lists, owner: 'claude-code' }) : []),
  ]
}
