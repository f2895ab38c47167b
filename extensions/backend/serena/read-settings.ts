// The settings of each SERENA_HOME as they are now: its `serena_config.yml` is parsed again when the file changed.
import { readRegularFile } from '../os/files/read-file.ts'
import { NO_SETTINGS, parseSerenaSettings, type SerenaSettings } from './serena-settings.ts'
import { MAX_SETTINGS_BYTES, settingsFileOf, TOO_LARGE } from './settings-file.ts'

export interface SettingsReader {
  /** Returns the current settings of that home. Cheap while the file is unchanged; call it at every round. Never throws. */
  read(serenaHome: string): SerenaSettings
}

/** By file, for all readers: a large file is parsed once after each change. */
const parsed = new Map<string, { stamp: string; settings: SerenaSettings }>()

/**
 * Creates a reader that remembers what it has parsed. What cannot be read (a link, a FIFO, a folder, too large, no YAML) sets nothing,
 * with a problem that says so: no instance is ended by a setting that cannot be read.
 */
export function createSettingsReader(): SettingsReader {
  return {
    read(serenaHome) {
      const file = settingsFileOf(serenaHome)
      const read = readRegularFile(file, MAX_SETTINGS_BYTES)
      if (read.kind === 'missing') return NO_SETTINGS
      if (read.kind === 'refused') return leftOut(read.why)
      if (read.isCut) return leftOut(TOO_LARGE)
      const before = parsed.get(file)
      if (before?.stamp === read.stamp) return before.settings
      const settings = parseSerenaSettings(read.text)
      parsed.set(file, { stamp: read.stamp, settings })
      return settings
    },
  }
}

const leftOut = (why: string): SerenaSettings => ({
  ...NO_SETTINGS,
  problems: [{ key: '', text: `It is ignored: ${why}.` }],
})
