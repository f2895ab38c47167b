// What Serena Deck leaves on disk beside the desktop's files, and what of it goes when it is taken away.
import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { WINDOW_NAME } from '../native-window.ts'
import { cacheFolder, desktopFolders, stateFolder } from '../paths.ts'
import type { Place } from './install-plan.ts'

/** The person's own: copies of their files from before a change, and how they set up the window and its page. */
const KEPT = /^(backups|settings(\..*)?|window\.json)$/
/** What we write into a state folder that the person chose: nothing else in it is ours to remove. */
const WRITTEN = /^(\.?backend\.json(\..*)?|serve\.log|open-[0-9a-f]{16}\.html|history.*|window\.log)$/

/** Where the runtime keeps the window's place and the tray's icons: named by `applicationId`, of which it leaves out the hyphen. */
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

/** Folders that are wholly ours: the runtime's, and on Linux those of WebKit, which go by the name of the window's process. */
function wholeFolders({ env, platform }: Place): string[] {
  const { home, data, roaming } = desktopFolders(env, platform)
  const cache = cacheFolder(env, platform)
  if (platform === 'win32') return [cache, join(roaming, RUNTIME_DATA)]
  if (platform === 'darwin') return [cache, join(home, 'Library', 'Application Support', RUNTIME_DATA)]
  return [cache, join(data, RUNTIME_DATA), join(data, WINDOW_NAME)]
}

/** Paths that would go, and paths that stay; a state folder that is empty then goes too. */
export async function findLeftovers(place: Place): Promise<{ go: string[]; stay: string[] }> {
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

/** Removes them, and the state folder if it is empty then. A link goes itself, never what it leads to. */
export async function removeLeftovers(place: Place): Promise<string[]> {
  const { go } = await findLeftovers(place)
  // A window that has just closed may still write into its folder.
  for (const path of go) await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  // Not empty, or not there: both are as they should be.
  await rmdir(stateFolder(place.env, place.platform)).catch(() => undefined)
  return go
}
