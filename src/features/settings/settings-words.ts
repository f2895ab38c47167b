// Labels and explanations of the settings. Pure.
import type { ClientFlag, HomeKey, HomeSetting, OwnSettings, SettingsView } from '#contract/settings'

export const LABELS: Readonly<Record<HomeKey, string>> = {
  web_dashboard_global: 'Shared dashboard instead of one per instance',
  web_dashboard_global_open_on_launch: 'Open Serena Deck once when an instance starts',
  web_dashboard_global_port: 'Port of the page',
  idle_shutdown_minutes: 'Idle time before a wrapped instance is ended (minutes)',
  zombie_prune_minutes: 'Time before zombies are pruned (minutes)',
  hub_http: 'Serve the hub at a URL',
  hub_serena_command: 'Command that starts Serena for clients of the URL',
  web_dashboard_open_on_launch: "Open Serena's dashboard on each start",
  web_dashboard_interface: "Interface of Serena's dashboard",
}

/** The effective values of keys that are not set. */
export const DEFAULTS: Readonly<Record<HomeKey, string>> = {
  web_dashboard_global: 'no',
  web_dashboard_global_open_on_launch: 'no',
  web_dashboard_global_port: '25282',
  idle_shutdown_minutes: 'never',
  zombie_prune_minutes: 'entries after 5',
  hub_http: 'no',
  hub_serena_command: 'serena start-mcp-server',
  web_dashboard_open_on_launch: 'yes',
  web_dashboard_interface: "Serena's default",
}

export const INTERFACES = {
  browser: 'Browser',
  app: 'Separate window',
  tray_manager: 'Shared tray icon',
} as const

/** Accepted values, and when a change applies if it does not apply immediately. */
export const REMARKS: Readonly<Partial<Record<HomeKey, string>>> = {
  idle_shutdown_minutes: 'fractions are allowed',
  zombie_prune_minutes: 'default: dead entries after 5, processes never; "never" disables both',
  web_dashboard_global_port: 'applies after a restart of Serena Deck',
  hub_http: 'for MCP clients that need a URL; applies after a restart of the hub',
  web_dashboard_open_on_launch: 'applies to instances started later',
  web_dashboard_interface: 'applies to instances started later',
}

export interface OwnSwitch {
  key: Exclude<keyof OwnSettings, 'port' | 'hubHttpPort' | 'hubSerenaCommand'>
  label: string
  detail: string
  /** The effective value while the setting is not set. */
  unset: string
}

export const OWN_SWITCHES: readonly OwnSwitch[] = [
  {
    key: 'receivePush',
    label: "Replace Serena's tray icon",
    detail:
      'Instances with the tray interface report starts, project changes and exits to Serena Deck, and show no tray icon. Automatic: on while serena_config.yml enables the shared dashboard.',
    unset: 'automatic',
  },
  {
    key: 'openOnLaunch',
    label: 'Open Serena Deck once when an instance starts',
    detail: 'For instances with the shared dashboard, if serena_config.yml does not set this',
    unset: 'no',
  },
  {
    key: 'publishRegistry',
    label: 'Publish the instances in instances.json',
    detail: 'For programs that read the shared registry; paused while another program writes that file',
    unset: 'yes',
  },
  {
    key: 'keepsWatching',
    label: 'Run in the background when the window is closed',
    detail:
      'History, pruning and updates from instances continue without a window. Open Serena Deck to show the window again.',
    unset: 'no',
  },
  {
    key: 'hubHttp',
    label: 'Serve the hub at a URL',
    detail:
      'For MCP clients that need a URL, if serena_config.yml does not set this; applies after a restart of the hub',
    unset: 'no',
  },
]

export function sourceWords({ source }: Pick<HomeSetting, 'source'>): string {
  if (source === 'home') return 'serena_config.yml'
  return source === 'own' ? 'Serena Deck settings' : 'default'
}

/** Returns the value in words; `.inf` in the file means never. */
export function valueWords({ key, value }: Pick<HomeSetting, 'key' | 'value'>): string {
  if (value === null) return DEFAULTS[key]
  if (value === '.inf') return 'never'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** Returns the minutes typed in a field; empty removes the key; null: invalid. */
export function minutesOf(text: string): number | '.inf' | 'unset' | null {
  const typed = text.trim().toLowerCase()
  if (typed === '') return 'unset'
  if (typed === 'never') return '.inf'
  const minutes = Number(typed.replace(',', '.'))
  return Number.isFinite(minutes) && minutes > 0 ? minutes : null
}

/** Returns the port typed in a field; empty removes the key; null: invalid. */
export function portOf(text: string): number | 'unset' | null {
  if (text.trim() === '') return 'unset'
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}

/** Returns the command typed in a field; empty removes the key; null: invalid. */
export function commandOf(text: string): string | null {
  const typed = text.trim()
  if (typed === '') return 'unset'
  return typed.length <= 1024 ? typed : null
}

export const PUSH_WORDS: Readonly<Record<SettingsView['push']['state'], string>> = {
  off: 'Currently off.',
  listening: 'Currently on.',
  taken: "Currently off: Serena's tray manager is running.",
}

export const FLAG_EFFECTS: Readonly<Record<ClientFlag['effect'], string>> = {
  opens: 'the dashboard opens on each start, regardless of serena_config.yml',
  'stays-closed': 'the dashboard does not open, regardless of serena_config.yml',
  'no-dashboard': 'the instance has no dashboard, so Serena Deck shows fewer details',
}
