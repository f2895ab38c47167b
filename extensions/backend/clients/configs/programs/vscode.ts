// VS Code and its forks that keep its layout: vscode-docs, mcp-configuration.md. Servers of the user get no folder, and variables of the
// workspace are an error in them: vscode, installedMcpServersDiscovery.ts, and its issues 243526 and 264535.
import { join } from 'node:path'
import {
  type ConfigClient,
  type ConfigPlace,
  client,
  type Decision,
  type Surroundings,
} from '../config-client.ts'
import { inProjects, listsAt, place, serversFile } from '../config-places.ts'
import { EDITOR_VARIABLE, ENV_COLON, WORKSPACE_VARIABLE } from '../placeholders.ts'
import { valueAt } from '../plain-values.ts'
import { snippetShape, typedCommand, typedUrl, WORKSPACE } from '../snippet-shapes.ts'

const SERVERS = serversFile('servers')
/** As two keys, or as one with a dot. */
const IN_SETTINGS = [{ keys: ['mcp', 'servers'] }, { keys: ['mcp.servers'] }]
const IN_WORKSPACE = [
  { keys: ['settings', 'mcp', 'servers'] },
  { keys: ['settings', 'mcp.servers'] },
  { keys: ['mcp', 'servers'] },
]
const OLD = { lists: IN_SETTINGS, isOldPlace: true } as const

/** The places of one of them. `server`: its folder on remote machines. */
const placesOf =
  (folder: string, server: string, isFirst: boolean) =>
  (where: Surroundings): ConfigPlace[] => {
    const user = join(where.config, folder, 'User')
    const remote = join(where.home, server, 'data')
    return [
      place(join(user, 'mcp.json'), { lists: SERVERS }),
      ...where
        .names(join(user, 'profiles'))
        .map((id) => place(join(user, 'profiles', id, 'mcp.json'), { scope: 'profile', lists: SERVERS })),
      place(join(remote, 'User', 'mcp.json'), { scope: 'remote', lists: SERVERS }),
      place(join(user, 'settings.json'), OLD),
      place(join(remote, 'Machine', 'settings.json'), { scope: 'remote', ...OLD }),
      // All forks read the files of a project: they are shown for the first one that is installed.
      ...(isFirst || isInstalledAlone(folder, where) ? projectPlaces(where) : []),
    ]
  }

const projectPlaces = (where: Surroundings): ConfigPlace[] => [
  ...inProjects(where, ['.vscode/mcp.json'], { lists: SERVERS }),
  ...inProjects(where, ['.vscode/settings.json'], OLD),
  ...where.projects.flatMap((project) =>
    where
      .names(project)
      .filter((name) => name.endsWith('.code-workspace'))
      .map((name) => place(join(project, name), { scope: 'project', project, lists: IN_WORKSPACE })),
  ),
]

const isInstalledAlone = (folder: string, { config, names }: Surroundings): boolean =>
  names(join(config, folder)).length > 0 && names(join(config, 'Code')).length === 0

const decideIn =
  (folder: string) =>
  (_: unknown, { config, value }: Surroundings): Decision | null => {
    const settings = value(join(config, folder, 'User', 'settings.json'))
    const isOff =
      settingOf(settings, 'chat.mcp.enabled') === false || settingOf(settings, 'chat.mcp.access') === 'none'
    return isOff ? { enabled: false, note: 'MCP servers are disabled in the settings.' } : null
  }

const settingOf = (settings: unknown, key: string): unknown =>
  valueAt(settings, [key]) ?? valueAt(settings, key.split('.'))

const fork = (
  id: string,
  name: string,
  folder: string,
  server: string,
  others: Partial<ConfigClient> = {},
): ConfigClient =>
  client(id, name, placesOf(folder, server, id === 'vscode'), {
    context: 'vscode',
    hasUserFolder: false,
    expands: [ENV_COLON, WORKSPACE_VARIABLE, EDITOR_VARIABLE],
    mustRestart: false,
    acceptsComments: true,
    decide: decideIn(folder),
    ...others,
  })

export const VS_CODE = fork('vscode', 'VS Code', 'Code', '.vscode-server', {
  programs: ['code'],
  snippet: snippetShape('vscode', '.vscode/mcp.json of the project', {
    aliases: ['vs-code', 'code'],
    path: ['servers'],
    project: WORKSPACE,
    command: typedCommand('stdio'),
    url: typedUrl('http'),
    note: 'VS Code passes no project folder in the mcp.json of the user: there, the agent activates the project.',
  }),
})

export const VS_CODE_FORKS: readonly ConfigClient[] = [
  fork('vscode-insiders', 'VS Code Insiders', 'Code - Insiders', '.vscode-server-insiders'),
  fork('vscodium', 'VSCodium', 'VSCodium', '.vscodium-server'),
  fork('positron', 'Positron', 'Positron', '.positron-server'),
  // Its `mcp.json` has the key of Cursor, and entries without a type.
  client(
    'trae',
    'Trae',
    ({ config }) => [place(join(config, 'Trae', 'User', 'mcp.json'), { lists: listsAt('mcpServers') })],
    { expands: [WORKSPACE_VARIABLE, ENV_COLON] },
  ),
]
