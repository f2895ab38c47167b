// The servers that plugins of Claude Code bring: installed_plugins.json names their folders, enabledPlugins those that are on.
import { isAbsolute, join } from 'node:path'
import { isFields } from '../../../lib/fields.ts'
import type { ConfigPlace, ServerList, Surroundings } from '../config-client.ts'
import { MCP_SERVERS, place } from '../config-places.ts'
import { valueAt } from '../plain-values.ts'

interface Plugin {
  /** `name@marketplace` */
  key: string
  folder: string
  project: string | null
}

const BARE_OR_WRAPPED: readonly ServerList[] = [{ keys: ['mcpServers'] }, { keys: [], isFallback: true }]

/** Returns the files of the plugins that are installed and not switched off. */
export function pluginPlaces(where: Surroundings, folder: string): ConfigPlace[] {
  return installedIn(where.value(join(folder, 'plugins', 'installed_plugins.json')))
    .filter(({ key, project }) => isOn(key, project, where, folder))
    .flatMap((plugin) => filesOf(plugin, where))
}

/** One installation, or a list of them by scope. */
function installedIn(value: unknown): Plugin[] {
  const plugins = valueAt(value, ['plugins'])
  return Object.entries(isFields(plugins) ? plugins : {}).flatMap(([key, found]) =>
    [found].flat().flatMap((one: unknown) => {
      const folder = valueAt(one, ['installPath'])
      const project = valueAt(one, ['projectPath'])
      return typeof folder === 'string' && isAbsolute(folder)
        ? [{ key, folder, project: typeof project === 'string' ? project : null }]
        : []
    }),
  )
}

/** The settings of the project count before those of the user; a plugin that neither names is off. */
function isOn(key: string, project: string | null, where: Surroundings, folder: string): boolean {
  const projects = project === null ? where.projects : [project]
  const files = [
    ...projects.flatMap((one) =>
      ['settings.local.json', 'settings.json'].map((name) => join(one, '.claude', name)),
    ),
    join(folder, 'settings.json'),
  ]
  const states = files.map((file) => valueAt(where.value(file), ['enabledPlugins', key]))
  return states.find((state) => typeof state === 'boolean') === true
}

function filesOf({ key, folder, project }: Plugin, where: Surroundings): ConfigPlace[] {
  const more = {
    scope: 'plugin',
    project,
    prefix: `plugin:${key.split('@')[0] ?? key}:`,
    shownOnly: 'It belongs to a plugin, whose next version replaces it.',
  } as const
  const manifest = join(folder, '.claude-plugin', 'plugin.json')
  const named = [valueAt(where.value(manifest), ['mcpServers'])]
    .flat()
    .filter((one) => typeof one === 'string')
    .map((file) => place(join(folder, file), { ...more, lists: BARE_OR_WRAPPED }))
  return [
    place(join(folder, '.mcp.json'), { ...more, lists: BARE_OR_WRAPPED }),
    place(manifest, { ...more, lists: [...MCP_SERVERS.slice(0, 1)] }),
    ...named,
  ]
}
