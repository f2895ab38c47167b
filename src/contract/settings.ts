// Settings: our own file, and the view of every setting with the source of its value.
import * as z from 'zod/mini'
import { HOME_SETTINGS, type HomeSettingRow, OWN_SETTINGS, type OwnSettingRow } from './settings-table.ts'
import { SETTINGS_VIEW_VERSION } from './versions.ts'

const OWN_SCHEMAS = {
  switch: z.nullable(z.boolean()),
  port: z.nullable(z.int().check(z.gte(1), z.lte(65_535))),
  command: z.nullable(z.string().check(z.minLength(1), z.maxLength(1024))),
} as const
type OwnShape = { [Own in OwnSettingRow as Own['key']]: (typeof OWN_SCHEMAS)[Own['kind']] }

/** Our own settings. Null: not set. */
export const ownSettingsSchema = z.object(
  Object.fromEntries(OWN_SETTINGS.map(({ key, kind }) => [key, OWN_SCHEMAS[kind]])) as OwnShape,
)
export type OwnSettings = z.infer<typeof ownSettingsSchema>

export const NO_OWN_SETTINGS = Object.fromEntries(OWN_SETTINGS.map(({ key }) => [key, null])) as OwnSettings

export type HomeKey = HomeSettingRow['key']
const homeKey = z.enum(HOME_SETTINGS.map(({ key }) => key) as [HomeKey, ...HomeKey[]])

/** `.inf` in YAML means never. */
const homeValue = z.nullable(z.union([z.boolean(), z.number(), z.string().check(z.maxLength(1024))]))
export type HomeValue = z.infer<typeof homeValue>

const homeSettingSchema = z.object({
  key: homeKey,
  value: homeValue,
  /** `home`: set in its own file; `own`: set in our settings; `default`: not set. */
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

/** A client's configuration that starts Serena with a flag that overrides the file. */
const clientFlagSchema = z.object({
  client: z.string(),
  file: z.string(),
  flag: z.string(),
  /** The effect of the flag: Serena's own page opens, stays closed, or there is no dashboard. */
  effect: z.enum(['opens', 'stays-closed', 'no-dashboard']),
})
export type ClientFlag = z.infer<typeof clientFlagSchema>

/** The document of `GET /api/settings`. */
export const settingsViewSchema = z.object({
  schema: z.literal(SETTINGS_VIEW_VERSION),
  own: ownSettingsSchema,
  ownFile: z.string(),
  ownProblems: z.array(z.string()),
  /** Replacement of Serena's tray icon. `taken`: enabled, but a real tray manager uses the port. */
  push: z.object({ state: z.enum(['off', 'listening', 'taken']), port: z.number() }),
  homes: z.array(homeSettingsSchema),
  clientFlags: z.array(clientFlagSchema),
})
export type SettingsView = z.infer<typeof settingsViewSchema>

/** Null removes the key. */
const homeChange = z.partialRecord(homeKey, homeValue)
export type HomeChange = z.infer<typeof homeChange>

export const homePreviewRequestSchema = z.object({ serenaHome: z.string(), change: homeChange })
export const homePreviewSchema = z.object({
  /** Each line starts with ` `, `+` or `-`; secrets are masked. */
  diff: z.array(z.string()),
  etag: z.string(),
  hash: z.string(),
  problem: z.nullable(z.string()),
})
export const homeSaveRequestSchema = z.object({
  serenaHome: z.string(),
  change: homeChange,
  /** Both from the preview that was shown. */
  etag: z.string(),
  hash: z.string(),
})
export const ownChangeSchema = z.partial(ownSettingsSchema)
