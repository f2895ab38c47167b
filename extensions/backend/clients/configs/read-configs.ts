// Reads the configuration files of all known clients. Executes and writes nothing.
import { join } from 'node:path'
import { namesIn } from '../../os/files/names-in.ts'
import type { FileText } from '../../os/files/read-file.ts'
import type { ConfigClient, ConfigPlace, ConfigPlatform, Surroundings } from './config-client.ts'
import { CONFIG_CLIENTS } from './config-clients.ts'
import type { ConfigEntry, ConfigFormat, UnreadConfig } from './config-entry.ts'
import { type ConfigReader, createConfigReader, targetOf } from './config-reader.ts'
import { entriesOfFile } from './entries-of-file.ts'
import type { ParsedConfig } from './parsed-config.ts'
import { unknownClient } from './unknown-client.ts'

export interface ReadConfigsOptions {
  home: string
  /** `~/.config` or XDG_CONFIG_HOME, `~/Library/Application Support`, `%APPDATA%`; absent: that of the home. */
  config?: string
  platform: ConfigPlatform
  /** Variables that move folders of clients: CODEX_HOME, CLAUDE_CONFIG_DIR, COPILOT_HOME, CLINE_DIR, OPENCODE_CONFIG, XDG_CONFIG_HOME. */
  env?: Readonly<Record<string, string | undefined>>
  projects?: readonly string[]
  /** Files of unknown clients in a known shape. */
  files?: readonly string[]
}

/** A file that was read. */
export interface ConfigFile {
  file: string
  /** What a symbolic link leads to; otherwise `file`. */
  target: string
  format: ConfigFormat
  text: string
  mode: number
  uid: number
  modifiedAtMs: number
  /** The clients that read it, the one that it belongs to first. */
  clients: readonly string[]
  /** It is a file of a project, which others may share; null: it is the user's. */
  project: string | null
  /** Why it may not be written; null: it may. */
  shownOnly: string | null
  /** False: JSON with comments or trailing commas. */
  isStrict: boolean
}

export interface ReadConfigs {
  entries: readonly ConfigEntry[]
  unread: readonly UnreadConfig[]
  files: readonly ConfigFile[]
}

/** Of one folder. */
const MAX_NAMES = 2_000

/** Returns the servers of all files that exist, in the order of the clients. */
export async function readConfigs(options: ReadConfigsOptions): Promise<ReadConfigs> {
  const reader = createConfigReader()
  await reader.load(['json'])
  const where = surroundingsOf(options, reader)
  const found = placesOf(options, where).filter(({ place }) => reader.read(place.file).kind !== 'missing')
  await reader.load(found.map(({ place }) => place.format))
  return gather(found, where, reader)
}

function surroundingsOf(
  { home, config, platform, env = {}, projects = [] }: ReadConfigsOptions,
  reader: ConfigReader,
): Surroundings {
  const dotConfig = env['XDG_CONFIG_HOME'] || join(home, '.config')
  const usual = {
    linux: dotConfig,
    darwin: join(home, 'Library', 'Application Support'),
    win32: join(home, 'AppData', 'Roaming'),
  }[platform]
  return {
    home,
    config: config ?? usual,
    // On Linux both are the same folder.
    dotConfig: platform === 'linux' ? (config ?? dotConfig) : dotConfig,
    platform,
    env,
    projects,
    names: (folder) => namesIn(folder).sort().slice(0, MAX_NAMES),
    value: (file) => reader.value(file),
  }
}

interface Found {
  client: ConfigClient
  place: ConfigPlace
}

/** Each file once for each client. */
function placesOf({ files = [] }: ReadConfigsOptions, where: Surroundings): Found[] {
  const known = CONFIG_CLIENTS.flatMap((client) => client.places(where).map((place) => ({ client, place })))
  const places = new Set(known.map(({ place }) => place.file))
  const others = files
    .filter((file) => !places.has(file))
    .flatMap((file) => {
      const client = unknownClient(file)
      return client.places(where).map((place) => ({ client, place }))
    })
  const seen = new Set<string>()
  return [...known, ...others].filter(({ client, place }) => {
    const key = `${client.id}\0${place.file}`
    return !seen.has(key) && seen.add(key)
  })
}

function gather(found: readonly Found[], where: Surroundings, reader: ConfigReader): ReadConfigs {
  const entries: ConfigEntry[] = []
  const unread: UnreadConfig[] = []
  const files = new Map<string, ConfigFile>()
  for (const { client, place } of found) {
    const outcome = readOne(client, place, where, reader)
    entries.push(...outcome.entries)
    // A file of another client is reported once.
    if (outcome.reason !== null && place.owner === undefined)
      unread.push({ client: client.id, file: place.file, reason: outcome.reason })
    if (outcome.file) {
      const before = files.get(place.file)
      files.set(place.file, before ? { ...before, clients: [...before.clients, client.id] } : outcome.file)
    }
  }
  return { entries, unread, files: [...files.values()] }
}

interface Outcome {
  entries: readonly ConfigEntry[]
  reason: string | null
  file: ConfigFile | null
}

const without = (reason: string | null): Outcome => ({ entries: [], reason, file: null })

function readOne(
  client: ConfigClient,
  place: ConfigPlace,
  where: Surroundings,
  reader: ConfigReader,
): Outcome {
  const read = reader.read(place.file)
  if (read.kind === 'missing') return without(null)
  if (read.kind === 'refused') return without(`It cannot be read: ${read.why}.`)
  const { text } = read
  if (read.isCut) return without('It is too large.')
  if (text.includes('\0')) return without('It is not a UTF-8 text file.')
  if (place.lists.length === 0) return without(/serena/i.test(text) ? (place.shownOnly ?? null) : null)
  try {
    const parsed = reader.parse(place.file, place.format)
    if (!parsed) return without(null)
    const { entries, reason } = entriesOfFile(client, place, parsed, where)
    return { entries, reason, file: fileOf(client, place, read, parsed) }
  } catch (error) {
    return without(error instanceof SyntaxError ? error.message : 'It is nested too deeply.')
  }
}

const fileOf = (
  client: ConfigClient,
  place: ConfigPlace,
  { text, mode, uid, modifiedAtMs, size }: Extract<FileText, { kind: 'text' }>,
  { isStrict }: ParsedConfig,
): ConfigFile => ({
  file: place.file,
  target: targetOf(place.file),
  format: place.format,
  text,
  mode,
  uid,
  modifiedAtMs,
  clients: place.owner === undefined ? [client.id] : [place.owner, client.id],
  project: place.project,
  shownOnly: whyShownOnly(client, place, Buffer.byteLength(text) === size),
  isStrict,
})

function whyShownOnly(
  { isWritable, name }: ConfigClient,
  place: ConfigPlace,
  isWhole: boolean,
): string | null {
  if (place.shownOnly !== undefined) return place.shownOnly
  if (place.scope === 'managed') return 'An administrator manages it.'
  if (!isWritable) return `${name} writes it itself.`
  if (place.format === 'json5') return 'JSON5: its comments and formatting would be lost.'
  return isWhole ? null : 'It is not a UTF-8 text file.'
}
