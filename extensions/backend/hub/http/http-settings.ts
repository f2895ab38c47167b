// Whether the hub is served over HTTP, and how: a flag or a variable of its start, else `serena_config.yml` of its home, else our own
// settings file. The parsers are loaded only when one of the files names such a setting.
import { readRegularFile } from '../../os/files/read-file.ts'
import { defaultSerenaHome, settingsFile } from '../../os/paths.ts'
import { MAX_SETTINGS_BYTES, settingsFileOf } from '../../serena/settings-file.ts'

export interface HttpSettings {
  isOn: boolean
  /** 0: any free one. */
  port: number
  /** As set; null: not set. */
  serenaCommand: string | null
}

const PORT = 25_283
const FLAG = '--http'
/** For the start of a hub by another program; 1 or 0. */
const ON_VARIABLE = 'SERENA_DECK_HUB_HTTP'
const PORT_VARIABLE = 'SERENA_DECK_HUB_HTTP_PORT'

/** Returns the settings at the start of a hub. `words`: its arguments. */
export async function readHttpSettings(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<HttpSettings> {
  const serenaHome = defaultSerenaHome(env, platform, process.cwd())
  const ownFile = settingsFile(env, platform)
  const isNamed = [settingsFileOf(serenaHome), ownFile].some(namesHub)
  const { isOn, port, serenaCommand } = isNamed ? await readFiles(serenaHome, ownFile) : NOTHING
  return {
    isOn: words.includes(FLAG) || (switchIn(env[ON_VARIABLE]) ?? isOn ?? false),
    port: portIn(env[PORT_VARIABLE]) ?? port ?? PORT,
    serenaCommand,
  }
}

const NOTHING = { isOn: null, port: null, serenaCommand: null }

function namesHub(file: string): boolean {
  const read = readRegularFile(file, MAX_SETTINGS_BYTES)
  return read.kind === 'text' && /hub_(http|serena)|hub(Http|Serena)/.test(read.text)
}

async function readFiles(
  serenaHome: string,
  ownFile: string,
): Promise<{ isOn: boolean | null; port: number | null; serenaCommand: string | null }> {
  const { createSettingsReader } = await import('../../serena/read-settings.ts')
  const { createOwnSettings } = await import('../../settings/own-settings.ts')
  const home = createSettingsReader().read(serenaHome)
  const own = createOwnSettings(ownFile).current()
  return {
    isOn: home.hubHttp ?? own.hubHttp,
    port: own.hubHttpPort,
    serenaCommand: home.hubSerenaCommand ?? own.hubSerenaCommand,
  }
}

const switchIn = (value: string | undefined): boolean | null =>
  value === '1' ? true : value === '0' ? false : null

function portIn(value: string | undefined): number | null {
  const port = Number(value)
  return value && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null
}
