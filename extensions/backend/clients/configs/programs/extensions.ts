// Extensions of VS Code that start servers themselves.
import { join } from 'node:path'
import { type ConfigPlace, client, type ServerList, type Surroundings } from '../config-client.ts'
import { extensionFiles, inProjects, place } from '../config-places.ts'
import { ENV_COLON, SECRET_VARIABLE, WORKSPACE_VARIABLE } from '../placeholders.ts'
import { NO_PROJECT, snippetShape, typedCommand, typedUrl } from '../snippet-shapes.ts'

const clinePlaces = (where: Surroundings): ConfigPlace[] => {
  const folder = where.env['CLINE_DIR'] || join(where.home, '.cline')
  return [
    join(folder, 'data', 'settings', 'cline_mcp_settings.json'),
    join(folder, 'mcp.json'),
    ...extensionFiles(where, 'saoudrizwan.claude-dev', 'settings', 'cline_mcp_settings.json'),
  ].map((file) => place(file))
}

export const CLINE = client('cline', 'Cline', clinePlaces, {
  expands: [ENV_COLON],
  hasFolder: null,
  mustRestart: false,
  acceptsComments: false,
  programs: ['cline'],
  snippet: snippetShape('cline', 'cline_mcp_settings.json', {
    project: NO_PROJECT,
    command: typedCommand('stdio'),
    url: typedUrl('streamableHttp'),
  }),
})

const rooPlaces = (where: Surroundings): ConfigPlace[] => [
  ...extensionFiles(where, 'rooveterinaryinc.roo-cline', 'settings', 'mcp_settings.json').map((file) =>
    place(file),
  ),
  ...inProjects(where, ['.roo/mcp.json']),
]

export const ROO_CODE = client('roo-code', 'Roo Code', rooPlaces, {
  expands: [ENV_COLON, WORKSPACE_VARIABLE],
  mustRestart: false,
  acceptsComments: false,
  snippet: snippetShape('roo', '.roo/mcp.json of the project', {
    command: typedCommand('stdio'),
    url: typedUrl('streamable-http'),
  }),
})

/** Older files of JSON keep the servers elsewhere. */
const OLD_LIST: readonly ServerList[] = [
  { keys: ['experimental', 'modelContextProtocolServers'] },
  { keys: ['mcpServers'] },
]
const BLOCKS: readonly ServerList[] = [{ keys: ['mcpServers'] }, { keys: [], isFallback: true }]

const continuePlaces = (where: Surroundings): ConfigPlace[] => {
  const folder = join(where.home, '.continue')
  const blocksIn = (parent: string, project: string | null): ConfigPlace[] =>
    where
      .names(join(parent, 'mcpServers'))
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .map((name) =>
        place(join(parent, 'mcpServers', name), {
          scope: project === null ? 'user' : 'project',
          project,
          lists: BLOCKS,
        }),
      )
  return [
    place(join(folder, 'config.yaml')),
    place(join(folder, 'config.json'), { lists: OLD_LIST, isOldPlace: true }),
    ...blocksIn(folder, null),
    ...where.projects.flatMap((project) => blocksIn(join(project, '.continue'), project)),
  ]
}

export const CONTINUE = client('continue', 'Continue', continuePlaces, {
  expands: [SECRET_VARIABLE],
  mustRestart: false,
  snippet: snippetShape(
    'continue',
    '.continue/mcpServers/serena.yaml of the project, or ~/.continue/config.yaml',
    {
      format: 'yaml',
      list: 'list',
      command: typedCommand('stdio'),
      url: ({ url, headers }) => ({ type: 'streamable-http', url, requestOptions: { headers } }),
    },
  ),
})
