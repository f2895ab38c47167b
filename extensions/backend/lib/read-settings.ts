// The settings of each SERENA_HOME as they are now: its `serena_config.yml` is parsed again when the file changed.
import { readRegularFile } from './read-file.ts'
import { NO_SETTINGS, parseSerenaSettings, type SerenaSettings } from './serena-settings.ts'
import { settingsFileOf } from './settings-file.ts'

/** Stock ones have a few KiB; every project adds a line. A MiB takes the parser some three seconds, in which nothing else is done. */
const MAX_BYTES = 512 * 1024

export interface SettingsReader {
  /** The settings of that home at this moment. Cheap while the file is the same; call it at every round. Never throws. */
  read(serenaHome: string): SerenaSettings
}

/**
 * A reader that remembers what it has parsed. What cannot be read (a link, a FIFO, a folder, too large, no YAML) sets nothing,
 * with a problem that says so: nobody is ended by a setting that is not there to be read.
 */
export function createSettingsReader(): SettingsReader {
  const parsed = new Map<string, { stamp: string; settings: SerenaSettings }>()
  return {
    read(serenaHome) {
      const file = settingsFileOf(serenaHome)
      const read = readRegularFile(file, MAX_BYTES)
      if (read.kind === 'missing') return NO_SETTINGS
      if (read.kind === 'refused') return leftOut(read.why)
      if (read.isCut) return leftOut('it is larger than 512 KiB')
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
  problems: [{ key: '', text: `It is left out: ${why}.` }],
})
