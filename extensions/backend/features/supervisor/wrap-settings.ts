// What `wrap` goes by: a flag of the command line, else the key in the `serena_config.yml` of its SERENA_HOME.
import { readPlainKeys } from '../../lib/plain-keys.ts'
import { readRegularFile } from '../../lib/read-file.ts'
import { MAX_SETTINGS_BYTES, settingsFileOf } from '../../lib/settings-file.ts'
import type { WrapFlags } from './wrap-words.ts'

const KEYS = [
  'web_dashboard_global',
  'web_dashboard_global_open_on_launch',
  'web_dashboard_global_port',
  'idle_shutdown_minutes',
]

export interface WrapSettings {
  isGlobal: boolean
  opensOnLaunch: boolean
  /** Null: the backend's own choice. */
  globalPort: number | null
  /** Null: never. */
  idleShutdownMinutes: number | null
  /** Keys that cannot be used, in words. */
  problems: readonly string[]
}

/** The keys of a home's file by a parser of YAML; loaded only where that is needed. */
export type FullReader = (serenaHome: string) => Promise<{ flags: WrapFlags; problems: readonly string[] }>

/** The settings of one wrapped Serena. */
export async function readWrapSettings(
  flags: WrapFlags,
  serenaHome: string,
  readFully: FullReader,
): Promise<WrapSettings> {
  const said = readQuickly(settingsFileOf(serenaHome))
  const { flags: ofFile, problems } = said ? { flags: said, problems: [] } : await readFully(serenaHome)
  return {
    isGlobal: flags.isGlobal ?? ofFile.isGlobal ?? false,
    opensOnLaunch: flags.opensOnLaunch ?? ofFile.opensOnLaunch ?? false,
    globalPort: flags.globalPort ?? ofFile.globalPort,
    idleShutdownMinutes: flags.idleShutdownMinutes ?? ofFile.idleShutdownMinutes,
    problems,
  }
}

/** Null: the file is to be read fully, for its values or for what is to be said of them. */
function readQuickly(file: string): WrapFlags | null {
  const read = readRegularFile(file, MAX_SETTINGS_BYTES)
  if (read.kind === 'missing') return toFlags(new Map())
  return read.kind === 'text' && !read.isCut ? quickFlags(read.text) : null
}

/** The keys of the text where they are written plainly and can be used; null: they are not. Pure. */
export function quickFlags(text: string): WrapFlags | null {
  const keys = readPlainKeys(text, KEYS)
  return keys && toFlags(keys)
}

function toFlags(keys: NonNullable<ReturnType<typeof readPlainKeys>>): WrapFlags | null {
  const [isGlobal, opens, port, idle] = KEYS.map((key) => keys.get(key))
  if (isGlobal !== undefined && typeof isGlobal !== 'boolean') return null
  if (opens !== undefined && typeof opens !== 'boolean') return null
  if (port !== undefined && !(Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return null
  if (idle !== undefined && !(typeof idle === 'number' && idle > 0)) return null
  return {
    isGlobal: isGlobal ?? null,
    opensOnLaunch: opens ?? null,
    globalPort: port === undefined ? null : Number(port),
    idleShutdownMinutes: idle ?? null,
  }
}
