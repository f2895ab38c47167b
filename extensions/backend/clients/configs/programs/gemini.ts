// Gemini CLI and Qwen Code, which has its shapes: tools/mcp-server.md and cli/trusted-folders.md of gemini-cli.
import { dirname, join } from 'node:path'
import {
  type ConfigPlace,
  client,
  type Decision,
  type ServerList,
  type Surroundings,
} from '../config-client.ts'
import type { ConfigEntry } from '../config-entry.ts'
import { inProjects, listsAt, place } from '../config-places.ts'
import { ENV_BARE, ENV_BRACES, ENV_DEFAULT, ENV_PERCENT } from '../placeholders.ts'
import { textsAt, valueAt } from '../plain-values.ts'
import { httpUrl, snippetShape } from '../snippet-shapes.ts'

const LISTS: readonly ServerList[] = listsAt('mcpServers')

interface Kind {
  /** Its folder in the home and in a project: `.gemini`. */
  folder: string
  /** The folder of its system settings: `gemini-cli`. */
  system: string
  extension: string
}

const GEMINI: Kind = { folder: '.gemini', system: 'gemini-cli', extension: 'gemini-extension.json' }
const QWEN: Kind = { folder: '.qwen', system: 'qwen-code', extension: 'qwen-extension.json' }

function systemFolder({ platform }: Surroundings, { system }: Kind): string {
  const product = system === 'qwen-code' ? 'QwenCode' : 'GeminiCli'
  if (platform === 'darwin') return `/Library/Application Support/${product}`
  return platform === 'win32' ? `C:\\ProgramData\\${system}` : `/etc/${system}`
}

const placesOf =
  (kind: Kind) =>
  (where: Surroundings): ConfigPlace[] => {
    const extensions = join(where.home, kind.folder, 'extensions')
    const system = systemFolder(where, kind)
    return [
      place(join(where.home, kind.folder, 'settings.json'), { lists: LISTS }),
      place(join(system, 'settings.json'), { scope: 'managed', lists: LISTS }),
      place(join(system, 'system-defaults.json'), { scope: 'extension', lists: LISTS }),
      ...inProjects(where, [`${kind.folder}/settings.json`], { lists: LISTS }),
      ...where.names(extensions).map((name) =>
        place(join(extensions, name, kind.extension), {
          scope: 'extension',
          lists: LISTS,
          shownOnly: 'It belongs to an extension, whose next version replaces it.',
        }),
      ),
    ]
  }

/** `mcp.allowed` and `mcp.excluded` of all settings, and what an untrusted folder switches off. */
const decideIn =
  (kind: Kind, asksForTrust: boolean) =>
  (entry: ConfigEntry, where: Surroundings): Decision | null => {
    const user = join(where.home, kind.folder, 'settings.json')
    const all = [entry.file, user].map((file) => where.value(file))
    const isExcluded = all.some((one) =>
      [...textsAt(one, 'mcp', 'excluded'), ...textsAt(one, 'excludeMCPServers')].includes(entry.name),
    )
    if (isExcluded) return { enabled: false, note: 'Excluded in the settings (mcp.excluded).' }
    const allowed = all.flatMap((one) => [
      ...textsAt(one, 'mcp', 'allowed'),
      ...textsAt(one, 'allowMCPServers'),
    ])
    if (allowed.length > 0 && !allowed.includes(entry.name))
      return { enabled: false, note: 'Not in the allowed servers of the settings (mcp.allowed).' }
    if (entry.project === null) return null
    return trustOf(entry.project, kind, asksForTrust, where)
  }

function trustOf(project: string, kind: Kind, asks: boolean, where: Surroundings): Decision | null {
  const folder = join(where.home, kind.folder)
  const isAsked = valueAt(where.value(join(folder, 'settings.json')), ['security', 'folderTrust', 'enabled'])
  if (!(typeof isAsked === 'boolean' ? isAsked : asks)) return null
  const trusted = where.value(join(folder, 'trustedFolders.json'))
  for (let at = project; ; at = dirname(at)) {
    const level = valueAt(trusted, [at])
    if (level === 'DO_NOT_TRUST' && at === project)
      return { enabled: false, note: 'The folder is not trusted (trustedFolders.json).' }
    if (level === 'TRUST_FOLDER' || (level === 'TRUST_PARENT' && at === project)) return null
    if (isParentTrusted(trusted, at)) return null
    if (dirname(at) === at) break
  }
  return { enabled: null, note: 'The servers start only once the folder is trusted.' }
}

/** `TRUST_PARENT` of a folder trusts its siblings as well. */
const isParentTrusted = (trusted: unknown, folder: string): boolean =>
  typeof trusted === 'object' &&
  trusted !== null &&
  Object.entries(trusted).some(([at, level]) => level === 'TRUST_PARENT' && dirname(at) === folder)

const EXPANDS = [ENV_BRACES, ENV_DEFAULT, ENV_BARE, ENV_PERCENT]

export const GEMINI_CLI = client('gemini-cli', 'Gemini CLI', placesOf(GEMINI), {
  expands: EXPANDS,
  isFullyRead: true,
  acceptsComments: true,
  decide: decideIn(GEMINI, true),
  programs: ['gemini'],
  // Antigravity has its folder as well.
  folders: [],
  snippet: snippetShape('gemini-cli', '.gemini/settings.json of the project, or ~/.gemini/settings.json', {
    aliases: ['gemini'],
    url: httpUrl,
  }),
})

export const QWEN_CODE = client('qwen-code', 'Qwen Code', placesOf(QWEN), {
  expands: EXPANDS,
  isFullyRead: true,
  acceptsComments: true,
  decide: decideIn(QWEN, false),
  programs: ['qwen'],
  snippet: snippetShape('qwen-code', '.qwen/settings.json of the project, or ~/.qwen/settings.json', {
    aliases: ['qwen'],
    url: httpUrl,
  }),
})
