// The files of Serena Deck besides those of the desktop, and which of them `uninstall` removes.
import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, desktopFolders, stateFolder } from '../os/paths.ts'
import { WINDOW_NAME } from '../window/native-window.ts'
import type { Place } from './install-plan.ts'

/** The user's own: backups of their files, and the settings of the window and its page. */
const KEPT = /^(backups|settings(\..*)?|window\.json)$/
/** Files that we write into a state folder that the user chose: no other file in it may be removed. */
const WRITTEN =
  /^(\.?backend\.json(\..*)?|serve\.log|config-changes\.json|setup\.json|doctor-ignored\.json|open-[0-9a-f]{16}\.html|history.*|window\.log)$/

/** Folder of the runtime for the window's position and the tray icons: `applicationId` without its hyphen. */
export const RUNTIME_DATA = 'io.serenadeck'

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** Folders that are entirely ours: the runtime's, and on Linux those of WebKit, named after the window's process. */
function wholeFolders({ env, platform }: Place): string[] {
  const { home, data, roaming } = desktopFolders(env, platform)
  const cache = cacheFolder(env, platform)
  if (platform === 'win32') return [cache, join(roaming, RUNTIME_DATA)]
  if (platform === 'darwin') return [cache, join(home, 'Library', 'Application Support', RUNTIME_DATA)]
  return [cache, join(data, RUNTIME_DATA), join(data, WINDOW_NAME)]
}

/** Returns the paths to remove and those to keep; a state folder that is empty then is removed too. */
export async function findOwnFiles(place: Place): Promise<{ go: string[]; stay: string[] }> {
  const { env, platform } = place
  const state = stateFolder(env, platform)
  const isUsual = !env['SERENA_DECK_STATE']
  const names = await namesIn(state)
  const goes = (name: string): boolean => !KEPT.test(name) && (isUsual || WRITTEN.test(name))
  const whole: string[] = []
  for (const folder of wholeFolders(place)) if (await exists(folder)) whole.push(folder)
  return {
    go: [...names.filter(goes).map((name) => join(state, name)), ...whole],
    stay: names.filter((name) => !goes(name)).map((name) => join(state, name)),
  }
}

/** Removes them, and the state folder if it is empty then. A link itself is removed, never its target. */
export async function removeOwnFiles(place: Place): Promise<string[]> {
  const { go } = await findOwnFiles(place)
  // A window that has just closed may still write into its folder.
  for (const path of go) await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  // Not empty, or missing: nothing to do.
  await rmdir(stateFolder(place.env, place.platform)).catch(() => undefined)
  return go
}
