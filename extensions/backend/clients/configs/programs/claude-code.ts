// Claude Code: mcp.md, settings.md, plugins.md and sub-agents.md of its documentation.
import { join } from 'node:path'
import { isFields } from '../../../lib/fields.ts'
import {
  type ConfigPlace,
  client,
  type Decision,
  type ServerList,
  type Surroundings,
} from '../config-client.ts'
import type { ConfigEntry } from '../config-entry.ts'
import { inProjects, listsAt, MCP_SERVERS, place, serversFile } from '../config-places.ts'
import { ENV_BRACES, ENV_DEFAULT } from '../placeholders.ts'
import { textsAt, valueAt } from '../plain-values.ts'
import { snippetShape, typedCommand, typedUrl } from '../snippet-shapes.ts'
import { pluginPlaces } from './claude-plugins.ts'

const OWN_FILE: readonly ServerList[] = listsAt('mcpServers', [
  { keys: ['projects', '*', 'mcpServers'], scope: 'local', isByProject: true },
])
const NO_SERVERS_HERE = 'Claude Code reads no servers from this file.'

const folderOf = ({ home, env }: Surroundings): string => env['CLAUDE_CONFIG_DIR'] || join(home, '.claude')
const ownFileOf = ({ home, env }: Surroundings): string =>
  join(env['CLAUDE_CONFIG_DIR'] || home, '.claude.json')

function managedFolder({ platform }: Surroundings): string {
  if (platform === 'darwin') return '/Library/Application Support/ClaudeCode'
  return platform === 'win32' ? 'C:\\Program Files\\ClaudeCode' : '/etc/claude-code'
}

function places(where: Surroundings): ConfigPlace[] {
  const folder = folderOf(where)
  const unread = { lists: MCP_SERVERS, ignored: NO_SERVERS_HERE }
  return [
    place(ownFileOf(where), { lists: OWN_FILE }),
    place(join(managedFolder(where), 'managed-mcp.json'), { scope: 'managed' }),
    ...inProjects(where, ['.mcp.json'], { lists: serversFile('mcpServers') }),
    ...agentPlaces(where),
    ...pluginPlaces(where, folder),
    ...['settings.json', 'settings.local.json', 'mcp.json', '.mcp.json'].map((name) =>
      place(join(folder, name), unread),
    ),
    ...inProjects(
      where,
      ['.claude/settings.json', '.claude/settings.local.json', '.claude/mcp.json'],
      unread,
    ),
  ]
}

/** Subagents bring servers in the front matter of their files. */
function agentPlaces(where: Surroundings): ConfigPlace[] {
  const more = { scope: 'subagent', shownOnly: 'It is the definition of a subagent.' } as const
  const filesIn = (folder: string, project: string | null): ConfigPlace[] =>
    where
      .names(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => place(join(folder, name), { ...more, project }))
  return [
    ...filesIn(join(folderOf(where), 'agents'), null),
    ...where.projects.flatMap((project) => filesIn(join(project, '.claude', 'agents'), project)),
  ]
}

const off = (note: string): Decision => ({ enabled: false, note })
const on: Decision = { enabled: true, note: null }

function decide(entry: ConfigEntry, where: Surroundings): Decision | null {
  const managed = valueOf(where, join(managedFolder(where), 'managed-settings.json'))
  if (isNamed(valueAt(managed, ['deniedMcpServers']), entry.name))
    return off('Disabled by managed-settings.json.')
  if (entry.scope !== 'managed' && where.names(managedFolder(where)).includes('managed-mcp.json'))
    return off('managed-mcp.json allows only its own servers.')
  const own = where.value(ownFileOf(where))
  const states = where.projects
    .filter((project) => entry.project === null || entry.project === project)
    .map((project) => valueAt(own, ['projects', project]))
  // An entry of the user may be off in one project and on in another.
  if (states.length === 1 && textsAt(states[0], 'disabledMcpServers').includes(entry.name))
    return off('Disabled in Claude Code for this project.')
  return entry.scope === 'project' ? approval(entry, states[0], where) : null
}

/** Servers of `.mcp.json` wait for an approval, which is in one of several files. */
function approval(entry: ConfigEntry, state: unknown, where: Surroundings): Decision {
  const settings = [...settingsFiles(entry, where).map((file) => where.value(file)), state]
  if (settings.some((one) => textsAt(one, 'disabledMcpjsonServers').includes(entry.name)))
    return off('Rejected in Claude Code (disabledMcpjsonServers).')
  const isApproved = settings.some(
    (one) =>
      textsAt(one, 'enabledMcpjsonServers').includes(entry.name) ||
      valueAt(one, ['enableAllProjectMcpServers']) === true,
  )
  return isApproved ? on : { enabled: null, note: 'Not approved yet: run `claude` in the project.' }
}

const settingsFiles = ({ project }: ConfigEntry, where: Surroundings): string[] => [
  join(folderOf(where), 'settings.json'),
  ...(project === null
    ? []
    : ['settings.json', 'settings.local.json'].map((name) => join(project, '.claude', name))),
  join(managedFolder(where), 'managed-settings.json'),
]

const valueOf = (where: Surroundings, file: string): unknown => where.value(file)

const isNamed = (list: unknown, name: string): boolean =>
  Array.isArray(list) && list.some((one) => isFields(one) && one['serverName'] === name)

export const CLAUDE_CODE = client('claude-code', 'Claude Code', places, {
  context: 'claude-code',
  expands: [ENV_BRACES, ENV_DEFAULT],
  isFullyRead: true,
  acceptsComments: false,
  decide,
  ignores: (entry) =>
    entry.url !== null && entry.type === undefined
      ? 'Claude Code takes an entry without "type" as a command: a URL needs "type": "http".'
      : null,
  programs: ['claude'],
  folders: ['.claude'],
  snippet: snippetShape('claude-code', '.mcp.json of the project, or ~/.claude.json', {
    aliases: ['claude'],
    command: typedCommand('stdio'),
    url: typedUrl('http'),
    note: 'Claude Code ends a tool call over a URL after 60 s: prefer the command.',
  }),
})
