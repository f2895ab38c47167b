// Our keys in a Serena's `serena_config.yml`, and those of Serena that stand beside them. Pure: the text of the file comes in.
import * as z from 'zod/mini'
import { visibleLine } from '#contract/visible-text'
import { readPlainKeys } from './plain-keys.ts'
import { MAX_PARSED_CHARACTERS, MAX_SETTINGS_BYTES, NOT_PLAIN, TOO_LARGE } from './settings-file.ts'
import { readYamlMapping } from './yaml-mapping.ts'

/** One key that cannot be used, in a sentence for the person. `key` is empty when it is the whole file. */
export interface SettingsProblem {
  key: string
  text: string
}

/** What one SERENA_HOME sets; null: the key is absent, empty, or cannot be used (then `problems` says why). */
export interface SerenaSettings {
  /** Use the one global dashboard and open no other. */
  webDashboardGlobal: boolean | null
  /** Open it when an instance starts, once. */
  webDashboardGlobalOpenOnLaunch: boolean | null
  /** 1 to 65535. */
  webDashboardGlobalPort: number | null
  /** End an instance after so many minutes without a tool call; above 0, fractions allowed; null: never. */
  idleShutdownMinutes: number | null
  /** Prune after so many minutes as a zombie; above 0, fractions allowed, `.inf` (Infinity): never. See `docs/history.md`. */
  zombiePruneMinutes: number | null
  /** Serena's own: whether it opens its dashboard when it starts. Null: not decided yet. */
  webDashboardOpenOnLaunch: boolean | null
  /** Serena's own (from 1.2): `browser`, `tray_manager`, …; null: its default for the platform. */
  webDashboardInterface: string | null
  /** Serena's own (from 1.7): the hosts its dashboard answers to; empty: to all. */
  webDashboardTrustedHosts: readonly string[] | null
  problems: readonly SettingsProblem[]
}

/** A home whose file is missing or says nothing. */
export const NO_SETTINGS: SerenaSettings = {
  webDashboardGlobal: null,
  webDashboardGlobalOpenOnLaunch: null,
  webDashboardGlobalPort: null,
  idleShutdownMinutes: null,
  zombiePruneMinutes: null,
  webDashboardOpenOnLaunch: null,
  webDashboardInterface: null,
  webDashboardTrustedHosts: null,
  problems: [],
}

/** A key's meaning: the value as it is used, or null when it cannot be. */
interface Kind<Value> {
  schema: z.ZodMiniType<Value>
  /** Ends the sentence "KEY must be …". */
  wanted: string
}

const YES_NO: Kind<boolean> = { schema: z.boolean(), wanted: 'true or false' }
const WORD: Kind<string> = { schema: z.string().check(z.minLength(1)), wanted: 'a word' }
const PORT: Kind<number> = {
  schema: z.int().check(z.minimum(1), z.maximum(65_535)),
  wanted: 'a port, from 1 to 65535',
}
const HOSTS: Kind<string[]> = {
  // A single word counts as a list of one, as it does for Serena.
  schema: z.pipe(
    z.union([z.array(z.string()), z.string()]),
    z.transform((value) => (typeof value === 'string' ? [value] : value)),
  ),
  wanted: 'a list of host names',
}
const above0 = (value: number): boolean => value > 0
const IDLE_MINUTES: Kind<number> = {
  schema: z.number().check(z.refine(above0)),
  wanted: 'a number of minutes above 0 (fractions are allowed); leave it out to end no instance',
}
const PRUNE_MINUTES: Kind<number> = {
  // zod's number refuses Infinity, which is how YAML says "never" here.
  schema: z.union([z.number().check(z.refine(above0)), z.literal(Number.POSITIVE_INFINITY)]),
  wanted: 'a number of minutes above 0 (fractions are allowed), or .inf for never',
}

/** What stands in the text of a `serena_config.yml`. Never throws: what cannot be used is null, with a problem that says why. */
export function parseSerenaSettings(text: string): SerenaSettings {
  const problems: SettingsProblem[] = []
  const file = readKeys(text)
  if ('problem' in file) return { ...NO_SETTINGS, problems: [{ key: '', text: file.problem }] }
  const { keys } = file

  function read<Value>(key: string, { schema, wanted }: Kind<Value>): Value | null {
    const value = keys.get(key)
    if (value === undefined || value === null) return null
    const parsed = z.safeParse(schema, value)
    if (parsed.success) return parsed.data
    problems.push({ key, text: `${key} is ${inWords(value)}: it must be ${wanted}.` })
    return null
  }

  return {
    webDashboardGlobal: read('web_dashboard_global', YES_NO),
    webDashboardGlobalOpenOnLaunch: read('web_dashboard_global_open_on_launch', YES_NO),
    webDashboardGlobalPort: read('web_dashboard_global_port', PORT),
    idleShutdownMinutes: read('idle_shutdown_minutes', IDLE_MINUTES),
    zombiePruneMinutes: read('zombie_prune_minutes', PRUNE_MINUTES),
    webDashboardOpenOnLaunch: read('web_dashboard_open_on_launch', YES_NO),
    webDashboardInterface: read('web_dashboard_interface', WORD),
    webDashboardTrustedHosts: read('web_dashboard_trusted_hosts', HOSTS),
    problems,
  }
}

const KEYS: readonly string[] = [
  'web_dashboard_global',
  'web_dashboard_global_open_on_launch',
  'web_dashboard_global_port',
  'idle_shutdown_minutes',
  'zombie_prune_minutes',
  'web_dashboard_open_on_launch',
  'web_dashboard_interface',
]

/** Of a large file only keys that are written plainly: the parser would hold up everything else for seconds. */
function readKeys(text: string): { keys: ReadonlyMap<unknown, unknown> } | { problem: string } {
  if (text.length <= MAX_PARSED_CHARACTERS) return readYamlMapping(text)
  if (text.length > MAX_SETTINGS_BYTES) return { problem: `It is left out: ${TOO_LARGE}.` }
  const keys = readPlainKeys(text, KEYS)
  return keys ? { keys } : { problem: `It is left out: ${NOT_PLAIN}.` }
}

const LONGEST_SHOWN = 40

function inWords(value: unknown): string {
  if (typeof value === 'string')
    return `the text "${visibleLine(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value)}"`
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  if (Array.isArray(value) || value instanceof Set) return 'a list'
  return value instanceof Date ? 'a date' : 'a group of keys'
}
