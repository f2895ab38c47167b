// The location of a Serena's configuration, and the limit on its size.
import { join } from 'node:path'

/** Returns the configuration of a Serena with that home. */
export const settingsFileOf = (serenaHome: string): string => join(serenaHome, 'serena_config.yml')

/** A stock file has a few KiB and each project adds a line; the YAML parser needs seconds per MiB. */
export const MAX_SETTINGS_BYTES = 256 * 1024
export const TOO_LARGE = 'it is larger than 256 KiB'
/** Beyond this size a file is read only as far as its keys are written plainly: the parser takes up to 15 µs for each byte. */
export const MAX_PARSED_CHARACTERS = 64 * 1024
export const NOT_PLAIN = 'it is larger than 64 KiB and its keys are not written as plain `key: value` lines'
