// Folders that are this user's alone, and what speaks against writing into one that others made.
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { AppError } from '#contract/errors'
import { codeOf, notWritten } from './write-file.ts'

/** Windows has no modes: what lies in the person's profile is theirs. */
const isPosix = process.platform !== 'win32'

/**
 * Makes the folder and makes it ours alone (0700). The result says why it cannot be; null: it is. AppError `not-written` when it
 * cannot be made or not be written into.
 */
export function makePrivate(folder: string): string | null {
  try {
    makeFolder(folder, 0o700)
    if (!isPosix) return null
    const stats = lstatSync(folder)
    if (stats.isSymbolicLink()) return 'it is a link'
    if (stats.uid !== process.getuid?.()) return 'it belongs to another user'
    // Loose only by an open umask or by hand: ours to tighten, and nothing in it is trusted that others could have written.
    if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700)
    accessSync(folder, constants.W_OK | constants.X_OK)
    return null
  } catch (cause) {
    throw notWritten(folder, cause)
  }
}

/** Makes a folder with its parents. Node's own `recursive` never returns for some paths (`/proc/x/y`) and hides why others fail. */
export function makeFolder(folder: string, mode: number): void {
  const there = statSync(folder, { throwIfNoEntry: false })
  if (there?.isDirectory()) return
  if (there) throw new AppError('not-written', { file: folder, issue: 'a file is in its place' })
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    // Made by another process in this moment; or a link that leads nowhere, which is refused by the caller.
    if (codeOf(error) === 'EEXIST') return
    if (codeOf(error) !== 'ENOENT' || dirname(resolve(folder)) === resolve(folder)) throw error
    makeFolder(dirname(resolve(folder)), mode)
    mkdirSync(folder, { mode })
  }
}

/**
 * Checks a folder that is the person's and not ours (a SERENA_HOME): its mode is left alone, a link to it is fine.
 * AppError `folder-unsafe` when it is another user's (even for root), or everybody may write into it. Its group may: where the umask
 * is 002 every folder is made so, and the group is that user's alone.
 */
export function checkOwnFolder(folder: string): void {
  const refuse = (issue: string): never => {
    throw new AppError('folder-unsafe', { path: folder, issue })
  }
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (!stats) return refuse('it is not there')
  if (!stats.isDirectory()) return refuse('it is no folder')
  if (!isPosix) return
  if (stats.uid !== process.getuid?.()) refuse('it belongs to another user')
  if ((stats.mode & 0o002) !== 0) refuse('every user may write into it')
}
