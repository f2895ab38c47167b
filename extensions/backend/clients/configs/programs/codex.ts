// Codex (CLI, app, extensions): codex-rs/config. A project's file counts only if the user's file trusts the project.
import { join } from 'node:path'
import {
  type ConfigPlace,
  client,
  type Decision,
  type ServerList,
  type Surroundings,
} from '../config-client.ts'
import type { ConfigEntry } from '../config-entry.ts'
import { inProjects, listsAt, MCP_SERVERS, place } from '../config-places.ts'
import { valueAt } from '../plain-values.ts'
import { snippetShape } from '../snippet-shapes.ts'

const LISTS: readonly ServerList[] = [
  ...listsAt('mcp_servers'),
  { keys: ['profiles', '*', 'mcp_servers'], scope: 'profile' },
]
const OTHER_FORMAT = { lists: MCP_SERVERS, ignored: 'Codex reads only config.toml.' }

const folderOf = ({ home, env }: Surroundings): string => env['CODEX_HOME'] || join(home, '.codex')

const places = (where: Surroundings): ConfigPlace[] => [
  place(join(folderOf(where), 'config.toml'), { lists: LISTS }),
  place('/etc/codex/config.toml', { scope: 'managed', lists: LISTS }),
  ...inProjects(where, ['.codex/config.toml'], { lists: LISTS }),
  ...['config.json', 'mcp.json'].map((name) => place(join(folderOf(where), name), OTHER_FORMAT)),
]

function decide({ scope, project }: ConfigEntry, where: Surroundings): Decision | null {
  if (scope !== 'project' || project === null) return null
  const level = valueAt(where.value(join(folderOf(where), 'config.toml')), [
    'projects',
    project,
    'trust_level',
  ])
  if (level === 'trusted') return null
  return level === 'untrusted'
    ? { enabled: false, note: 'Codex does not trust the project (trust_level in ~/.codex/config.toml).' }
    : { enabled: null, note: 'Codex reads the file only once the project is trusted.' }
}

export const CODEX = client('codex', 'Codex', places, {
  context: 'codex',
  decide,
  programs: ['codex'],
  snippet: snippetShape('codex', '~/.codex/config.toml', {
    format: 'toml',
    path: ['mcp_servers'],
    url: ({ url, headers }) => ({ url, http_headers: headers }),
    note: 'The Codex app does not start in the folder of the project: there, the agent activates the project.',
  }),
})
