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
})
export type OwnSettings = z.infer<typeof ownSettingsSchema>

export const NO_OWN_SETTINGS: OwnSettings = {
  receivePush: null,
  openOnLaunch: null,
  port: null,
  publishRegistry: null,
}

/** Each key by itself: one that cannot be used loses no other. */
export const OWN_KEYS = {
  receivePush: { schema: yesNo, wanted: 'true or false' },
  openOnLaunch: { schema: yesNo, wanted: 'true or false' },
  port: { schema: port, wanted: 'a port, from 1 to 65535' },
  publishRegistry: { schema: yesNo, wanted: 'true or false' },
} as const satisfies Record<keyof OwnSettings, { schema: z.ZodMiniType; wanted: string }>

/** The version of our settings file. */
export const SETTINGS_VERSION = SCHEMA_VERSION
