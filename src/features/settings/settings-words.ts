// Settings in words: what each means, and what counts while nobody says. Pure.
import type { ClientFlag, HomeKey, HomeSetting, SettingsView } from '#contract/settings'

export const LABELS: Readonly<Record<HomeKey, string>> = {
  web_dashboard_global: 'Use the one global dashboard, and open no other',
  web_dashboard_global_open_on_launch: 'Open Serena Deck when an instance starts, once',
  web_dashboard_global_port: 'Port of the page',
  idle_shutdown_minutes: 'End an instance under wrap after so many minutes without a tool call',
  zombie_prune_minutes: 'Prune zombies after so many minutes',
  web_dashboard_open_on_launch: 'Serena opens its own page at each start',
  web_dashboard_interface: 'Where Serena shows its own page',
}

/** What counts while nobody says. */
export const DEFAULTS: Readonly<Record<HomeKey, string>> = {
  web_dashboard_global: 'no',
  web_dashboard_global_open_on_launch: 'no',
  web_dashboard_global_port: '25282',
  idle_shutdown_minutes: 'never',
  zombie_prune_minutes: 'entries after 5',
  web_dashboard_open_on_launch: 'yes',
  web_dashboard_interface: "Serena's own choice",
}

export const INTERFACES = {
  browser: 'Browser',
  app: 'Window of its own',
  tray_manager: 'Tray icon for all',
} as const

/** When a change takes hold, where that is not at once. */
export const WHEN: Readonly<Partial<Record<HomeKey, string>>> = {
  idle_shutdown_minutes: 'fractions are allowed',
  zombie_prune_minutes: 'not set: dead entries after 5, processes never; type never to keep both',
  web_dashboard_global_port: 'after the next start of Serena Deck',
  web_dashboard_open_on_launch: 'for Serenas that start from now on',
  web_dashboard_interface: 'for Serenas that start from now on',
}

export function sourceWords({ source }: Pick<HomeSetting, 'source'>): string {
  if (source === 'home') return 'serena_config.yml'
  return source === 'own' ? "Serena Deck's settings" : 'default'
}

/** Never is `.inf` in the file. */
export function valueWords({ key, value }: Pick<HomeSetting, 'key' | 'value'>): string {
  if (value === null) return DEFAULTS[key]
  if (value === '.inf') return 'never'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** What a field for minutes means: empty takes the key out; null: it means nothing. */
export function minutesOf(text: string): number | '.inf' | 'unset' | null {
  const typed = text.trim().toLowerCase()
  if (typed === '') return 'unset'
  if (typed === 'never') return '.inf'
  const minutes = Number(typed.replace(',', '.'))
  return Number.isFinite(minutes) && minutes > 0 ? minutes : null
}

export const PUSH_WORDS: Readonly<Record<SettingsView['push']['state'], string>> = {
  off: 'Off now.',
  listening: 'On now: Serenas with the tray interface appear at once.',
  taken: "Serena's own tray manager is there already: it is left alone until it ends.",
}

export const EFFECTS: Readonly<Record<ClientFlag['effect'], string>> = {
  opens: "so Serena's page opens, whatever the file says",
  'stays-closed': "so Serena's page stays closed, whatever the file says",
  'no-dashboard': 'so Serena has no dashboard, and Serena Deck sees less of it',
}
