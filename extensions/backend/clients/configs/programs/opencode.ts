// opencode, and Kilo with the same shape: anomalyco/opencode, mcp-servers.mdx. A command is a list of words.
import { join } from 'node:path'
import type { Fields } from '../../../lib/fields.ts'
import { type ConfigPlace, client, type Surroundings } from '../config-client.ts'
import type { ConfigEntry } from '../config-entry.ts'
import { extensionFiles, inProjects, listsAt, MCP_SERVERS, place } from '../config-places.ts'
import { CURLY_VARIABLE } from '../placeholders.ts'
import { localCommand, remoteUrl, snippetShape } from '../snippet-shapes.ts'

const LISTS = listsAt('mcp')
const twice = (path: string): string[] => [`${path}.json`, `${path}.jsonc`]

const ignores = (_: ConfigEntry, { command, url, type }: Fields): string | null => {
  if (typeof command === 'string')
    return 'Its command must be an array of strings: a single string is ignored silently.'
  if (type === undefined) return `It has no "type": "${url === undefined ? 'local' : 'remote'}".`
  return null
}

const opencodePlaces = (where: Surroundings): ConfigPlace[] => {
  const folder = join(where.dotConfig, 'opencode')
  const own = where.env['OPENCODE_CONFIG']
  return [
    ...[...twice('opencode'), 'config.json'].map((name) => place(join(folder, name), { lists: LISTS })),
    ...(own ? [place(own, { lists: LISTS })] : []),
    ...inProjects(where, [...twice('opencode'), ...twice('.opencode/opencode')], { lists: LISTS }),
    ...inProjects(where, ['.opencode.json'], {
      lists: LISTS,
      ignored: 'opencode reads opencode.json or opencode.jsonc of a project, not .opencode.json.',
    }),
    place(join(where.home, '.opencode.json'), {
      lists: LISTS,
      ignored: 'opencode reads ~/.config/opencode/opencode.json, not ~/.opencode.json.',
    }),
  ]
}

export const OPENCODE = client('opencode', 'opencode', opencodePlaces, {
  expands: [CURLY_VARIABLE],
  acceptsComments: true,
  ignores,
  programs: ['opencode'],
  snippet: snippetShape('opencode', 'opencode.json of the project, or ~/.config/opencode/opencode.json', {
    path: ['mcp'],
    command: localCommand,
    url: remoteUrl,
  }),
})

const kiloPlaces = (where: Surroundings): ConfigPlace[] => {
  const old = { lists: MCP_SERVERS, isOldPlace: true } as const
  return [
    ...[...twice('kilo'), ...twice('config')].map((name) =>
      place(join(where.dotConfig, 'kilo', name), { lists: LISTS }),
    ),
    ...inProjects(where, [...twice('kilo'), ...twice('.kilo/kilo')], { lists: LISTS }),
    ...extensionFiles(where, 'kilocode.kilo-code', 'settings', 'mcp_settings.json').map((file) =>
      place(file, old),
    ),
    ...inProjects(where, ['.kilocode/mcp.json'], old),
  ]
}

export const KILO_CODE = client('kilo-code', 'Kilo', kiloPlaces, {
  expands: [CURLY_VARIABLE],
  acceptsComments: true,
  // Before, it was a fork of Roo with its shape.
  ignores: (entry, value) => (entry.isOldPlace ? null : ignores(entry, value)),
  programs: ['kilo', 'kilocode'],
  snippet: snippetShape('kilo', 'kilo.jsonc of the project, or ~/.config/kilo/kilo.jsonc', {
    path: ['mcp'],
    command: localCommand,
    url: remoteUrl,
  }),
})
