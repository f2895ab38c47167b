// Claude Desktop: its file, and the extensions that it unpacked (.mcpb, .dxt).
import { join } from 'node:path'
import { isFields } from '../../../lib/fields.ts'
import { type ConfigPlace, client, type Surroundings } from '../config-client.ts'
import { place, serversFile } from '../config-places.ts'
import { valueAt } from '../plain-values.ts'
import { NO_PROJECT, snippetShape } from '../snippet-shapes.ts'

const FILE = 'claude_desktop_config.json'

/** The folders of its data; the build from the Store has one of its own. */
function foldersOf({ home, config, platform, names }: Surroundings): string[] {
  const usual = join(config, 'Claude')
  if (platform !== 'win32') return [usual]
  const packages = join(home, 'AppData', 'Local', 'Packages')
  return [
    usual,
    ...names(packages)
      .filter((name) => name.startsWith('Claude_'))
      .map((name) => join(packages, name, 'LocalCache', 'Roaming', 'Claude')),
  ]
}

const places = (where: Surroundings): ConfigPlace[] =>
  foldersOf(where).flatMap((folder) => [
    place(join(folder, FILE), { lists: serversFile('mcpServers') }),
    ...extensionsIn(folder, where),
  ])

function extensionsIn(folder: string, where: Surroundings): ConfigPlace[] {
  const parent = join(folder, 'Claude Extensions')
  return where.names(parent).map((id) => {
    const file = join(parent, id, 'manifest.json')
    const name = valueAt(where.value(file), ['name'])
    const isOff = isSwitchedOff(where.value(join(folder, 'Claude Extensions Settings', `${id}.json`)))
    return place(file, {
      scope: 'extension',
      lists: [{ keys: ['server', 'mcp_config'], single: typeof name === 'string' ? name : id }],
      shownOnly: 'It belongs to an extension of Claude Desktop.',
      ...(isOff ? { ignored: 'The extension is disabled in Claude Desktop.' } : {}),
    })
  })
}

const isSwitchedOff = (settings: unknown): boolean => isFields(settings) && settings['isEnabled'] === false

export const CLAUDE_DESKTOP = client('claude-desktop', 'Claude Desktop', places, {
  context: 'desktop-app',
  otherContexts: ['agent'],
  // Of extensions: ${__dirname}, ${user_config.x}.
  expands: [/^\$\{(__dirname|user_config\.[^}]+|HOME|DESKTOP|DOCUMENTS|DOWNLOADS|pathSeparator|\/)\}$/],
  hasFolder: false,
  acceptsComments: false,
  ignores: ({ url }) => (url === null ? null : 'Claude Desktop does not support a URL in its file.'),
  programs: ['claude-desktop'],
  snippet: snippetShape('claude-desktop', FILE, {
    project: NO_PROJECT,
    url: null,
    note: 'Its file does not support a URL.',
  }),
})
