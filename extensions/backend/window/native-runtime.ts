// Finds the native runtime that draws the window.
import { accessSync, chmodSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import { cacheFolder } from '../os/paths.ts'
import { RUNTIME_VERSION, runtimeName } from './runtime/pins.ts'

export interface RuntimePlace {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** As in `process.arch`. */
  arch: string
  /** A folder of our own that may contain it: that of a release. */
  beside?: string
}

/** Returns the path of the runtime in the cache; null: there is none for this platform. */
export function runtimeFile({ env, platform, arch }: RuntimePlace): string | null {
  const name = runtimeName(platform, arch)
  return name === null ? null : join(cacheFolder(env, platform), 'neutralino', RUNTIME_VERSION, name)
}

function isProgram(path: string, platform: NodeJS.Platform): boolean {
  try {
    const stats = statSync(path)
    if (!stats.isFile() || stats.size === 0) return false
    if (platform === 'win32') return true
    // A program that other users may replace is not run.
    if ((stats.mode & 0o002) !== 0) return false
    // Copied by hand, often without the permission to run.
    if ((stats.mode & 0o100) === 0 && stats.uid === process.getuid?.()) chmodSync(path, stats.mode | 0o700)
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Missing, or not accessible.
    return false
  }
}

/**
 * Returns the runtime: SERENA_DECK_RUNTIME, else the one of a release, else the one in the cache; null: there is none.
 * AppError `runtime-unusable` when the variable does not name a program; then nothing else is tried.
 */
export function findNativeRuntime(place: RuntimePlace): string | null {
  const chosen = place.env['SERENA_DECK_RUNTIME']
  if (chosen) {
    if (isProgram(chosen, place.platform)) return chosen
    throw new AppError('runtime-unusable', { path: chosen })
  }
  const name = runtimeName(place.platform, place.arch)
  const beside = name !== null && place.beside !== undefined ? join(place.beside, name) : null
  return [beside, runtimeFile(place)].find((file) => file !== null && isProgram(file, place.platform)) ?? null
}
