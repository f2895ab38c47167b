// How this very copy of Serena Deck is started by a desktop: whole paths, and the variables that it was told.
import { isAbsolute, resolve } from 'node:path'
import type { Launch } from './entry-texts.ts'

/** What a login session does not have when it was set in a terminal's start file. */
const PATHS = ['SERENA_HOME', 'SERENA_DECK_STATE', 'SERENA_DECK_RUNTIME'] as const
const XDG_PATHS = ['XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME'] as const
const LISTS = ['SERENA_DECK_ONLY_HOMES'] as const

/** The variables among `env` that Serena Deck must find again, their paths made whole. */
export function launchEnvironment(
  env: NodeJS.ProcessEnv,
  cwd: string,
  delimiter: string,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of PATHS) if (env[name]) found[name] = resolve(cwd, env[name])
  for (const name of XDG_PATHS) {
    const path = env[name]
    if (path && isAbsolute(path)) found[name] = path
  }
  for (const name of LISTS) {
    const value = env[name]
    const paths = value?.split(delimiter).filter((path) => path !== '')
    if (paths) found[name] = paths.map((path) => resolve(cwd, path)).join(delimiter)
  }
  return found
}

/** This copy with these words, such as `open --hidden`. */
export const ownLaunch = (
  command: readonly [string, ...string[]],
  env: Launch['env'],
  ...words: readonly string[]
): Launch => ({ command: [...command, ...words], env })
