// Our keys in a Serena's `serena_config.yml`, and those of Serena that we read. Pure: the text of the file is a parameter.
import * as z from 'zod/mini'
import { EXPECTED, HOME_SETTINGS, type HomeSettingRow } from '#contract/settings-table'
import { visibleLine } from '#contract/visible-text'
import { readPlainKeys } from '../lib/plain-keys.ts'
import { readYamlMapping } from '../lib/yaml-mapping.ts'
import { MAX_PARSED_CHARACTERS, MAX_SETTINGS_BYTES, NOT_PLAIN, TOO_LARGE } from './settings-file.ts'

/** A key that cannot be used, with a sentence for the user. `key` is empty if the whole file is concerned. */
export interface SettingsProblem {
  key: string
  text: string
}

interface ValueOf {
  switch: boolean
  port: number
  /** Above 0; of pruning also Infinity: never. */
  minutes: number
  interface: string
  command: string
}

/** The keys that one SERENA_HOME sets; null: absent, empty or not usable (then `problems` says why). */
export type SerenaSettings = {
  readonly [Key in HomeSettingRow as Key['field']]: ValueOf[Key['kind']] | null
} & {
  /** Serena's own (from 1.7): the hosts its dashboard answers to; empty: to all. */
  readonly webDashboardTrustedHosts: readonly string[] | null
  readonly problems: readonly SettingsProblem[]
}

/** A home whose file is missing or sets nothing. */
export const NO_SETTINGS = {
  ...Object.fromEntries(HOME_SETTINGS.map(({ field }) => [field, null])),
  webDashboardTrustedHosts: null,
  problems: [],
} as unknown as SerenaSettings

/** A kind of value, and its description. */
interface Kind<Value> {
  schema: z.ZodMiniType<Value>
  /** Ends the sentence "KEY must be …". */
  wanted: string
}

const HOSTS: Kind<string[]> = {
  // A single word counts as a list of one, as it does for Serena.
  schema: z.pipe(
    z.union([z.array(z.string()), z.string()]),
    z.transform((value) => (typeof value === 'string' ? [value] : value)),
  ),
  wanted: 'a list of host names',
}
const minutes = z.number().check(z.refine((value: number) => value > 0))
const KINDS: { [Key in keyof ValueOf]: z.ZodMiniType<ValueOf[Key]> } = {
  switch: z.boolean(),
  port: z.int().check(z.minimum(1), z.maximum(65_535)),
  minutes,
  interface: z.string().check(z.minLength(1)),
  command: z.string().check(z.minLength(1), z.maxLength(1024)),
}
const PRUNE_MINUTES: Kind<number> = {
  // zod's number refuses Infinity, which is YAML's value for never.
  schema: z.union([minutes, z.literal(Number.POSITIVE_INFINITY)]),
  wanted: `${EXPECTED.minutes}, or .inf for never`,
}
const kindOf = ({ key, kind }: HomeSettingRow): Kind<unknown> =>
  key === 'zombie_prune_minutes' ? PRUNE_MINUTES : { schema: KINDS[kind], wanted: EXPECTED[kind] }

/** Parses the text of a `serena_config.yml`. Never throws: a value that cannot be used is null, with a problem that says why. */
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
    ...Object.fromEntries(HOME_SETTINGS.map((row) => [row.field, read(row.key, kindOf(row))])),
    webDashboardTrustedHosts: read('web_dashboard_trusted_hosts', HOSTS),
    problems,
  } as unknown as SerenaSettings
}

const KEYS: readonly string[] = HOME_SETTINGS.map(({ key }) => key)

/** From a large file, only keys that are written plainly: the parser would block everything else for seconds. */
function readKeys(text: string): { keys: ReadonlyMap<unknown, unknown> } | { problem: string } {
  if (text.length <= MAX_PARSED_CHARACTERS) return readYamlMapping(text)
  if (text.length > MAX_SETTINGS_BYTES) return { problem: `It is ignored: ${TOO_LARGE}.` }
  const keys = readPlainKeys(text, KEYS)
  return keys ? { keys } : { problem: `It is ignored: ${NOT_PLAIN}.` }
}

const LONGEST_SHOWN = 40

function inWords(value: unknown): string {
  if (typeof value === 'string')
    return `the text "${visibleLine(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value)}"`
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  if (Array.isArray(value) || value instanceof Set) return 'a list'
  return value instanceof Date ? 'a date' : 'a mapping'
}
