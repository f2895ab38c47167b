// Agents of the terminal and other programs with plain files.
import { join } from 'node:path'
import { type ConfigPlace, client, type Surroundings } from '../config-client.ts'
import { inProjects, listsAt, place, serversFile } from '../config-places.ts'
import { COMMAND_OUTPUT, ENV_BARE, ENV_BRACES, ENV_DEFAULT } from '../placeholders.ts'
import { NO_PROJECT, snippetShape, typedCommand, typedUrl } from '../snippet-shapes.ts'

const SERVERS = serversFile('mcpServers')

const goosePlaces = (where: Surroundings): ConfigPlace[] => {
  const folder =
    where.platform === 'win32'
      ? join(where.config, 'Block', 'goose', 'config')
      : join(where.dotConfig, 'goose')
  return [place(join(folder, 'config.yaml'), { lists: listsAt('extensions') })]
}

export const GOOSE = client('goose', 'Goose', goosePlaces, {
  programs: ['goose'],
  snippet: snippetShape('goose', '~/.config/goose/config.yaml', {
    format: 'yaml',
    path: ['extensions'],
    command: ({ program, args }) => ({ type: 'stdio', cmd: program, args, enabled: true, timeout: 300 }),
    url: ({ url, headers }) => ({ type: 'streamable_http', uri: url, headers, enabled: true, timeout: 300 }),
  }),
})

function ampManaged({ platform }: Surroundings): string {
  if (platform === 'darwin') return '/Library/Application Support/ampcode/managed-settings.json'
  return platform === 'win32'
    ? 'C:\\ProgramData\\ampcode\\managed-settings.json'
    : '/etc/ampcode/managed-settings.json'
}

const ampPlaces = (where: Surroundings): ConfigPlace[] => {
  const lists = listsAt('amp.mcpServers', [{ keys: ['amp', 'mcpServers'] }])
  const names = ['settings.json', 'settings.jsonc']
  return [
    ...names.map((name) => place(join(where.home, '.config', 'amp', name), { lists })),
    ...names.map((name) => place(join(where.dotConfig, 'amp', name), { lists })),
    place(ampManaged(where), { scope: 'managed', lists }),
    ...inProjects(
      where,
      names.map((name) => `.amp/${name}`),
      { lists },
    ),
    place(join(where.home, '.amp', 'settings.json'), { lists, isOldPlace: true }),
  ]
}

export const AMP = client('amp', 'Amp', ampPlaces, {
  expands: [ENV_BRACES],
  acceptsComments: true,
  decide: ({ scope }) =>
    scope === 'project' ? { enabled: null, note: 'Amp asks before it starts a server of a project.' } : null,
  programs: ['amp'],
  snippet: snippetShape('amp', '~/.config/amp/settings.json, or .amp/settings.json of the project', {
    path: ['amp.mcpServers'],
  }),
})

const SHELL_SCRIPT = 'It is a shell script that adds servers (`mcp add`): change it by hand.'

const crushPlaces = (where: Surroundings): ConfigPlace[] => {
  const lists = listsAt('mcp')
  const folder = join(where.dotConfig, 'crush')
  const data =
    where.platform === 'win32'
      ? join(where.home, 'AppData', 'Local', 'crush')
      : join(where.home, '.local', 'share', 'crush')
  return [
    place(join(folder, 'crush.json'), { lists }),
    place(join(data, 'crush.json'), { lists }),
    ...inProjects(where, ['crush.json', '.crush.json'], { lists }),
    place(join(folder, 'crushrc'), { shownOnly: SHELL_SCRIPT }),
    ...inProjects(where, ['crushrc', '.crushrc'], { shownOnly: SHELL_SCRIPT }),
  ]
}

export const CRUSH = client('crush', 'Crush', crushPlaces, {
  expands: [ENV_BARE, ENV_BRACES, ENV_DEFAULT, COMMAND_OUTPUT],
  ignores: ({ type }) => (type === undefined ? 'Crush needs a "type": "stdio" or "http".' : null),
  programs: ['crush'],
  snippet: snippetShape('crush', 'crush.json of the project, or ~/.config/crush/crush.json', {
    path: ['mcp'],
    command: typedCommand('stdio'),
    url: typedUrl('http'),
  }),
})

export const LM_STUDIO = client(
  'lm-studio',
  'LM Studio',
  ({ home }) => [
    place(join(home, '.lmstudio', 'mcp.json'), { lists: SERVERS }),
    place(join(home, '.cache', 'lm-studio', 'mcp.json'), { lists: SERVERS, isOldPlace: true }),
  ],
  {
    context: 'desktop-app',
    hasFolder: false,
    mustRestart: false,
    programs: ['lms'],
    snippet: snippetShape('lm-studio', '~/.lmstudio/mcp.json', { project: NO_PROJECT }),
  },
)

/** Its own servers are in the app. */
export const WARP = client('warp', 'Warp', () => [], {
  hasFolder: null,
  isWritable: false,
  snippet: snippetShape('warp', 'Settings > MCP servers, as JSON', {
    note: 'Set working_directory to the folder of the project.',
  }),
})

const grokPlaces = (where: Surroundings): ConfigPlace[] => {
  const lists = listsAt('mcp_servers')
  const folder = join(where.home, '.grok')
  const owner = 'claude-code'
  return [
    place(join(folder, 'config.toml'), { lists }),
    ...inProjects(where, ['.grok/config.toml'], { lists }),
    // The older program of that name.
    place(join(folder, 'user-settings.json')),
    // It also starts the servers of Claude Code.
    ...(where.names(folder).length > 0
      ? [place(join(where.home, '.claude.json'), { owner }), ...inProjects(where, ['.mcp.json'], { owner })]
      : []),
  ]
}

export const GROK = client('grok', 'Grok Build', grokPlaces, {
  context: 'grok',
  programs: ['grok'],
  snippet: snippetShape('grok', '~/.grok/config.toml', {
    format: 'toml',
    path: ['mcp_servers'],
    url: null,
    note: 'No format for a URL is known.',
  }),
})

const droidPlaces = (where: Surroundings): ConfigPlace[] => [
  place(join(where.home, '.factory', 'mcp.json'), { lists: SERVERS }),
  ...inProjects(where, ['.factory/mcp.json'], { lists: SERVERS }),
]
export const DROID = client('droid', 'Droid', droidPlaces, { expands: [ENV_BRACES], mustRestart: false })

const auggiePlaces = (where: Surroundings): ConfigPlace[] => [
  place(join(where.home, '.augment', 'settings.json')),
  ...inProjects(where, ['.augment/settings.json']),
  ...inProjects(where, ['.augment/settings.local.json'], { scope: 'local' }),
]
export const AUGGIE = client('auggie', 'Auggie', auggiePlaces, { expands: [ENV_BRACES] })

const mcporterPlaces = (where: Surroundings): ConfigPlace[] => [
  ...['mcporter.json', 'mcporter.jsonc'].map((name) =>
    place(join(where.home, '.mcporter', name), { lists: SERVERS }),
  ),
  ...inProjects(where, ['config/mcporter.json'], { lists: SERVERS }),
]
export const MCPORTER = client('mcporter', 'mcporter', mcporterPlaces, {
  expands: [ENV_BRACES, ENV_DEFAULT],
  mustRestart: false,
  acceptsComments: true,
})

/** A registry: a server starts when a client runs `mcpm run`. */
export const MCPM = client(
  'mcpm',
  'mcpm',
  ({ dotConfig }) => [place(join(dotConfig, 'mcpm', 'servers.json'), { lists: [{ keys: [] }] })],
  { hasFolder: null, mustRestart: false, acceptsComments: false },
)

/** Clients of which only the place is special. */
const plain = (
  id: string,
  name: string,
  user: readonly string[],
  inProject: readonly string[],
  key = 'mcpServers',
): ReturnType<typeof client> =>
  client(id, name, (where) => [
    ...user.map((file) => place(join(where.home, file), { lists: listsAt(key) })),
    ...inProjects(where, inProject, { lists: listsAt(key) }),
  ])

export const PLAIN_CLIENTS = [
  plain(
    'kimi',
    'Kimi Code',
    ['.kimi-code/mcp.json', '.kimi/mcp.json'],
    ['.kimi-code/mcp.json', '.kimi/mcp.json'],
  ),
  plain('vibe', 'Mistral Vibe', ['.vibe/config.toml'], ['.vibe/config.toml'], 'mcp_servers'),
  plain('fx', 'fx', ['.fx/mcp.json'], ['.fx/mcp.json'], 'mcp'),
  plain('mastracode', 'Mastra Code', ['.mastracode/mcp.json'], ['.mastracode/mcp.json']),
  plain('pi', 'Pi', ['.pi/agent/mcp.json', '.config/mcp/mcp.json'], ['.pi/mcp.json']),
  plain('enconvo', 'Enconvo', ['.config/enconvo/mcp_config.json'], []),
  plain('qoder', 'Qoder', ['.qoder/mcp.json', '.qoder.json'], []),
  plain('amazon-q', 'Amazon Q', ['.aws/amazonq/mcp.json'], ['.amazonq/mcp.json']),
  plain('iflow', 'iFlow', ['.iflow/settings.json'], ['.iflow/settings.json']),
  plain('codebuddy', 'CodeBuddy', ['.codebuddy.json', '.codebuddy/mcp.json'], []),
  plain('comate', 'Comate', ['.comate/mcp.json'], []),
  plain('forge', 'Forge', ['.forge/.mcp.json', 'forge/.mcp.json'], []),
  plain('hermes', 'Hermes', ['.hermes/config.yaml'], [], 'mcp_servers'),
  client('openclaw', 'OpenClaw', ({ home }) => [
    place(join(home, '.openclaw', 'openclaw.json'), {
      format: 'json5',
      lists: [{ keys: ['mcp', 'servers'] }],
      shownOnly: 'JSON5: its comments and formatting would be lost.',
    }),
  ]),
]
