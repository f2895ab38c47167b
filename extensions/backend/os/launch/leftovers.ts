// What Serena Deck leaves on disk beside the desktop's files, and what of it goes when it is taken away.
import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder, stateFolder } from '../paths.ts'
import type { Place } from './install-plan.ts'

/** The person's own: copies of their files from before a change, and how they set up the window and its page. */
const KEPT = /^(backups|settings(\..*)?|window\.json)$/
/** What we write into a state folder that the person chose: nothing else in it is ours to remove. */
const WRITTEN = /^(\.?backend\.json(\..*)?|serve\.log|open-[0-9a-f]{16}\.html|history.*|window\.log)$/

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })

/** Paths that would go, and paths that stay; a folder that is empty then goes too. */
export async function findLeftovers(place: Place): Promise<{ go: string[]; stay: string[] }> {
  const { env, platform } = place
  const state = stateFolder(env, platform)
  const isUsual = !env['SERENA_DECK_STATE']
  const names = await namesIn(state)
  const goes = (name: string): boolean => !KEPT.test(name) && (isUsual || WRITTEN.test(name))
  const runtimes = join(cacheFolder(env, platform), 'neutralino')
  const hasRuntimes = await lstat(runtimes).then(
    () => true,
    () => false,
  )
  return {
    go: [...names.filter(goes).map((name) => join(state, name)), ...(hasRuntimes ? [runtimes] : [])],
    stay: names.filter((name) => !goes(name)).map((name) => join(state, name)),
  }
}

/** Removes them, and the folders of ours that are empty then. A link goes itself, never what it leads to. */
export async function removeLeftovers(place: Place): Promise<string[]> {
  const { go } = await findLeftovers(place)
  for (const path of go) await rm(path, { recursive: true, force: true })
  const folders = [stateFolder(place.env, place.platform), cacheFolder(place.env, place.platform)]
  // Not empty, or not there: both are as they should be.
  for (const folder of folders) await rmdir(folder).catch(() => undefined)
  if (place.platform === 'win32') await rmdir(dirname(folders[1] ?? '')).catch(() => undefined)
  return go
}
