// Settings: our own file, and what the page shows of every setting, with the place each value comes from.
import * as z from 'zod/mini'
import { SCHEMA_VERSION } from './instance.ts'

const yesNo = z.nullable(z.boolean())
const port = z.nullable(z.int().check(z.gte(1), z.lte(65_535)))

/** Our own settings. Null: not set, see `OWN_DEFAULTS` and the homes' `serena_config.yml`. */
export const ownSettingsSchema = z.object({
  /** Answer Serena's tray protocol. Not set: while a home has `web_dashboard_global: true`. */
  receivePush: yesNo,
  /** Open once when an instance starts, for homes that do not say. */
  openOnLaunch: yesNo,
  /** Where the page is served, when the home of the backend does not say. */
  port,
  /** Publish `instances.json`. Not set: yes. */
  publishRegistry: yesNo,
  /** Go on without a window when the one that started the backend is closed. Not set: no. */
  keepsWatching: yesNo,
})
export type OwnSettings = z.infer<typeof ownSettingsSchema>

export const NO_OWN_SETTINGS: OwnSettings = {
  receivePush: null,
  openOnLaunch: null,
  port: null,
  publishRegistry: null,
  keepsWatching: null,
}

/** Each key by itself: one that cannot be used loses no other. */
export const OWN_KEYS = {
  receivePush: { schema: yesNo, wanted: 'true or false' },
  openOnLaunch: { schema: yesNo, wanted: 'true or false' },
  port: { schema: port, wanted: 'a port, from 1 to 65535' },
  publishRegistry: { schema: yesNo, wanted: 'true or false' },
  keepsWatching: { schema: yesNo, wanted: 'true or false' },
} as const satisfies Record<keyof OwnSettings, { schema: z.ZodMiniType; wanted: string }>

/** The version of our settings file. */
export const SETTINGS_VERSION = SCHEMA_VERSION

/** Keys of a `serena_config.yml` that the Settings page shows. */
export const HOME_KEYS = [
  { key: 'web_dashboard_global', kind: 'switch', own: null, fallback: false },
  { key: 'web_dashboard_global_open_on_launch', kind: 'switch', own: 'openOnLaunch', fallback: false },
  { key: 'web_dashboard_global_port', kind: 'port', own: 'port', fallback: 25_282 },
  { key: 'idle_shutdown_minutes', kind: 'minutes', own: null, fallback: null },
  { key: 'zombie_prune_minutes', kind: 'minutes', own: null, fallback: null },
  { key: 'web_dashboard_open_on_launch', kind: 'switch', own: null, fallback: null },
  { key: 'web_dashboard_interface', kind: 'interface', own: null, fallback: null },
] as const satisfies readonly {
  key: string
  kind: 'switch' | 'port' | 'minutes' | 'interface'
  /** Our own setting that counts where the home does not say. */
  own: keyof OwnSettings | null
  /** What counts when nobody says; null: see the words beside it. */
  fallback: boolean | number | null
}[]
export type HomeKey = (typeof HOME_KEYS)[number]['key']
const homeKey = z.enum(HOME_KEYS.map(({ key }) => key) as [HomeKey, ...HomeKey[]])

/** `.inf` is YAML's word for never. */
const homeValue = z.nullable(z.union([z.boolean(), z.number(), z.string().check(z.maxLength(64))]))
export type HomeValue = z.infer<typeof homeValue>

const homeSettingSchema = z.object({
  key: homeKey,
  value: homeValue,
  /** `home`: its own file says so; `own`: our settings do; `default`: nobody does. */
  source: z.enum(['home', 'own', 'default']),
})
export type HomeSetting = z.infer<typeof homeSettingSchema>

const homeSettingsSchema = z.object({
  serenaHome: z.string(),
  file: z.string(),
  /** False: Serena has not made the file yet. */
  exists: z.boolean(),
  settings: z.array(homeSettingSchema),
  problems: z.array(z.string()),
})
export type HomeSettings = z.infer<typeof homeSettingsSchema>

/** A client's configuration that starts Serena with a flag that beats the file. */
const clientFlagSchema = z.object({
  client: z.string(),
  file: z.string(),
  flag: z.string(),
  /** What the flag does: Serena's own page opens, stays closed, or there is no dashboard at all. */
  effect: z.enum(['opens', 'stays-closed', 'no-dashboard']),
})
export type ClientFlag = z.infer<typeof clientFlagSchema>

/** The document of `GET /api/settings`. */
export const settingsViewSchema = z.object({
  schema: z.literal(SCHEMA_VERSION),
  own: ownSettingsSchema,
  ownFile: z.string(),
  ownProblems: z.array(z.string()),
  /** Our answering of Serena's tray protocol: `taken`: wanted, but a real tray manager listens there. */
  push: z.object({ state: z.enum(['off', 'listening', 'taken']), port: z.number() }),
  homes: z.array(homeSettingsSchema),
  clientFlags: z.array(clientFlagSchema),
})
export type SettingsView = z.infer<typeof settingsViewSchema>

/** A null takes the key out. */
const homeChange = z.partialRecord(homeKey, homeValue)
export type HomeChange = z.infer<typeof homeChange>

export const homePreviewRequestSchema = z.object({ serenaHome: z.string(), change: homeChange })
export const homePreviewSchema = z.object({
  /** ` `, `+` or `-` before each line; secrets are masked. */
  diff: z.array(z.string()),
  etag: z.string(),
  hash: z.string(),
  problem: z.nullable(z.string()),
})
export const homeSaveRequestSchema = z.object({
  serenaHome: z.string(),
  change: homeChange,
  /** Both of the preview that the person saw. */
  etag: z.string(),
  hash: z.string(),
})
export const ownChangeSchema = z.partial(ownSettingsSchema)
