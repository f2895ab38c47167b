// How a desktop starts this copy of Serena Deck: absolute paths, and the variables that were set for it.
import { isAbsolute, resolve } from 'node:path'
import type { Launch } from './entry-texts.ts'

/** A login session lacks what was set in the start file of a terminal. */
const PATHS = ['SERENA_HOME', 'SERENA_DECK_STATE', 'SERENA_DECK_RUNTIME'] as const
const XDG_PATHS = ['XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME'] as const
const LISTS = ['SERENA_DECK_ONLY_HOMES'] as const

/** Returns the variables of `env` that Serena Deck needs, with absolute paths. */
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

/** Returns the launch of this copy with these arguments, such as `open --hidden`. */
export const ownLaunch = (
  command: readonly [string, ...string[]],
  env: Launch['env'],
  ...words: readonly string[]
): Launch => ({ command: [...command, ...words], env })
