// Every setting once: its key, type, default, flag and meaning. The schemas, the reader of `serena_config.yml`, the flags of `wrap`, the
// Settings page and docs/settings.md are derived from these rows. Plain data without imports: `wrap` loads it beside every Serena.

interface Row {
  readonly key: string
  readonly kind: 'switch' | 'port' | 'minutes' | 'interface' | 'command'
  /** The flag that overrides the key; null: there is none. */
  readonly flag: string | null
  /** The effect of the setting, without a period. */
  readonly meaning: string
  /** What applies while it is not set. */
  readonly unset: string
}

interface HomeRow extends Row {
  /** The key in `SerenaSettings`. */
  readonly field: string
  /** Our own setting that applies if the home does not set the key. */
  readonly own: string | null
  /** The value while it is not set; null: see `unset`. */
  readonly fallback: boolean | number | null
  /** False: a key of Serena itself. */
  readonly isOurs: boolean
}

/** Keys of a `serena_config.yml`. */
export const HOME_SETTINGS = [
  {
    key: 'web_dashboard_global',
    field: 'webDashboardGlobal',
    kind: 'switch',
    own: null,
    fallback: false,
    flag: '--web-dashboard-global',
    isOurs: true,
    meaning:
      'One shared dashboard instead of one per instance, for instances under `wrap` or with the tray interface',
    unset: 'no',
  },
  {
    key: 'web_dashboard_global_open_on_launch',
    field: 'webDashboardGlobalOpenOnLaunch',
    kind: 'switch',
    own: 'openOnLaunch',
    fallback: false,
    flag: '--web-dashboard-global-open-on-launch',
    isOurs: true,
    meaning: 'Open Serena Deck once when an instance starts',
    unset: 'no',
  },
  {
    key: 'web_dashboard_global_port',
    field: 'webDashboardGlobalPort',
    kind: 'port',
    own: 'port',
    fallback: 25_282,
    flag: '--web-dashboard-global-port',
    isOurs: true,
    meaning:
      'Port of the page, in the home that the backend itself uses; applies after a restart of Serena Deck',
    unset: '25282',
  },
  {
    key: 'idle_shutdown_minutes',
    field: 'idleShutdownMinutes',
    kind: 'minutes',
    own: null,
    fallback: null,
    flag: '--idle-shutdown-minutes',
    isOurs: true,
    meaning:
      'Minutes without a tool call after which an instance under `wrap` is ended; fractions are allowed',
    unset: 'never',
  },
  {
    key: 'zombie_prune_minutes',
    field: 'zombiePruneMinutes',
    kind: 'minutes',
    own: null,
    fallback: null,
    flag: null,
    isOurs: true,
    meaning:
      'Minutes after which dead entries are removed and red processes are ended; fractions are allowed, `.inf` means never',
    unset: 'dead entries after 5, processes never',
  },
  {
    key: 'hub_http',
    field: 'hubHttp',
    kind: 'switch',
    own: 'hubHttp',
    fallback: false,
    flag: null,
    isOurs: true,
    meaning:
      'Also serve the hub at `http://127.0.0.1:25283/mcp/`, for clients that need a URL; in the home that the hub itself uses; applies after a restart of the hub',
    unset: 'no',
  },
  {
    key: 'hub_serena_command',
    field: 'hubSerenaCommand',
    kind: 'command',
    own: 'hubSerenaCommand',
    fallback: null,
    flag: null,
    isOurs: true,
    meaning:
      'Command that starts Serena for clients of the URL; the hub adds `--project` and `--context`; in the home that the hub itself uses',
    unset: '`serena start-mcp-server`, or `uvx` with the package `serena-agent` if no `serena` is on PATH',
  },
  {
    key: 'web_dashboard_open_on_launch',
    field: 'webDashboardOpenOnLaunch',
    kind: 'switch',
    own: null,
    fallback: null,
    flag: null,
    isOurs: false,
    meaning: "Open Serena's own dashboard on each start; applies to instances started later",
    unset: 'yes',
  },
  {
    key: 'web_dashboard_interface',
    field: 'webDashboardInterface',
    kind: 'interface',
    own: null,
    fallback: null,
    flag: null,
    isOurs: false,
    meaning: "Interface of Serena's own dashboard; applies to instances started later",
    unset: "Serena's default",
  },
] as const satisfies readonly HomeRow[]

/** Keys of our own settings file. */
export const OWN_SETTINGS = [
  {
    key: 'receivePush',
    kind: 'switch',
    flag: null,
    meaning:
      "Replace Serena's tray icon: instances with the tray interface report starts, project changes and exits to Serena Deck, and show no tray icon",
    unset: 'on while a home has `web_dashboard_global: true`',
  },
  {
    key: 'openOnLaunch',
    kind: 'switch',
    flag: null,
    meaning:
      'Open Serena Deck once when an instance starts, for instances with the shared dashboard, if `serena_config.yml` does not set it',
    unset: 'no',
  },
  {
    key: 'port',
    kind: 'port',
    flag: '--port',
    meaning: 'Port of the page, if `serena_config.yml` sets none; applies after a restart of Serena Deck',
    unset: '25282',
  },
  {
    key: 'publishRegistry',
    kind: 'switch',
    flag: null,
    meaning: 'Publish the instances in `instances.json`, for programs that read the shared registry',
    unset: 'yes',
  },
  {
    key: 'keepsWatching',
    kind: 'switch',
    flag: null,
    meaning: 'Keep running in the background when the window is closed',
    unset: 'no',
  },
  {
    key: 'hubHttp',
    kind: 'switch',
    flag: null,
    meaning:
      'Also serve the hub at a URL, if `serena_config.yml` does not set it; applies after a restart of the hub',
    unset: 'no',
  },
  {
    key: 'hubHttpPort',
    kind: 'port',
    flag: null,
    meaning: 'Port of the URL of the hub; applies after a restart of the hub',
    unset: '25283',
  },
  {
    key: 'hubSerenaCommand',
    kind: 'command',
    flag: null,
    meaning: 'Command that starts Serena for clients of the URL, if `serena_config.yml` does not set it',
    unset: 'see `hub_serena_command`',
  },
] as const satisfies readonly Row[]

/** Ends the sentence "KEY must be …". */
export const EXPECTED = {
  switch: 'true or false',
  port: 'a port from 1 to 65535',
  minutes: 'a number of minutes above 0 (fractions are allowed)',
  interface: 'a word',
  command: 'a command line',
} as const satisfies Record<Row['kind'], string>

export type HomeSettingRow = (typeof HOME_SETTINGS)[number]
export type OwnSettingRow = (typeof OWN_SETTINGS)[number]
