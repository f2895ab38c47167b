// The settings of `wrap`: a flag on the command line, else the key in the `serena_config.yml` of its SERENA_HOME.
import { HOME_SETTINGS } from '#contract/settings-table'
import { readPlainKeys } from '../lib/plain-keys.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { MAX_SETTINGS_BYTES, settingsFileOf } from '../serena/settings-file.ts'
import type { WrapFlags } from './wrap-arguments.ts'

/** Keys that a flag of `wrap` overrides. */
const KEYS = HOME_SETTINGS.filter(({ flag }) => flag !== null).map(({ key }) => key)

export interface WrapSettings {
  isGlobal: boolean
  opensOnLaunch: boolean
  /** Null: chosen by the backend. */
  globalPort: number | null
  /** Null: never. */
  idleShutdownMinutes: number | null
  /** Sentences about keys that cannot be used. */
  problems: readonly string[]
}

/** Reads a home's file with the YAML parser, which is loaded only where it is needed. */
export type FullReader = (serenaHome: string) => Promise<{ flags: WrapFlags; problems: readonly string[] }>

/** Returns the settings of one wrapped Serena. */
export async function readWrapSettings(
  flags: WrapFlags,
  serenaHome: string,
  readFully: FullReader,
): Promise<WrapSettings> {
  const quick = readQuickly(settingsFileOf(serenaHome))
  const { flags: ofFile, problems } = quick ? { flags: quick, problems: [] } : await readFully(serenaHome)
  return {
    isGlobal: flags.isGlobal ?? ofFile.isGlobal ?? false,
    opensOnLaunch: flags.opensOnLaunch ?? ofFile.opensOnLaunch ?? false,
    globalPort: flags.globalPort ?? ofFile.globalPort,
    idleShutdownMinutes: flags.idleShutdownMinutes ?? ofFile.idleShutdownMinutes,
    problems,
  }
}

/** Null: the file needs the YAML parser, for its values or for the problems to report. */
function readQuickly(file: string): WrapFlags | null {
  const read = readRegularFile(file, MAX_SETTINGS_BYTES)
  if (read.kind === 'missing') return toFlags(new Map())
  return read.kind === 'text' && !read.isCut ? quickFlags(read.text) : null
}

/** Returns the keys where they are written plainly and are valid; null: they are not. Pure. */
export function quickFlags(text: string): WrapFlags | null {
  const keys = readPlainKeys(text, KEYS)
  return keys && toFlags(keys)
}

function toFlags(keys: NonNullable<ReturnType<typeof readPlainKeys>>): WrapFlags | null {
  const [isGlobal, opens, port, idle] = KEYS.map((key) => keys.get(key))
  if (!isSwitch(isGlobal) || !isSwitch(opens)) return null
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

const isSwitch = (value: unknown): value is boolean | undefined =>
  value === undefined || typeof value === 'boolean'
