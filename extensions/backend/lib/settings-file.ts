// Where a Serena keeps its configuration.
import { join } from 'node:path'

/** The configuration of a Serena with that home. */
export const settingsFileOf = (serenaHome: string): string => join(serenaHome, 'serena_config.yml')
