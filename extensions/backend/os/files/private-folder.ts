// Folders that are private to this user, and the checks before writing into a folder that others made.
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { AppError } from '#contract/errors'
import { codeOf } from '../../lib/error-code.ts'
import { notWritten } from './write-failure.ts'

/** Windows has no modes: files in the user's profile are private. */
const isPosix = process.platform !== 'win32'

/**
 * Makes the folder private to this user (0700). Returns why it cannot be used; null: it can. AppError `not-written` if it cannot be made
 * or written to.
 */
export function makePrivate(folder: string): string | null {
  try {
    makeFolder(folder, 0o700)
    if (!isPosix) return null
    const stats = lstatSync(folder)
    if (stats.isSymbolicLink()) return 'it is a symbolic link'
    if (stats.uid !== process.getuid?.()) return 'it belongs to another user'
    // A wider mode comes from an open umask or a manual change: it is tightened, and files that others could have written are not trusted.
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
  if (there) throw new AppError('not-written', { file: folder, issue: 'a file with this name exists' })
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    // Made by another process in this moment; or a broken link, which the caller refuses.
    if (codeOf(error) === 'EEXIST') return
    if (codeOf(error) !== 'ENOENT' || dirname(resolve(folder)) === resolve(folder)) throw error
    makeFolder(dirname(resolve(folder)), mode)
    mkdirSync(folder, { mode })
  }
}

/**
 * Checks a folder that belongs to the user and not to Serena Deck (a SERENA_HOME): its mode is not changed, a link to it is accepted.
 * AppError `folder-unsafe` if it is another user's (even for root), or all users can write to it. Its group may: where the umask is 002
 * every folder is made so, and the group is that user's alone.
 */
export function checkOwnFolder(folder: string): void {
  const refuse = (issue: string): never => {
    throw new AppError('folder-unsafe', { path: folder, issue })
  }
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (!stats) return refuse('it does not exist')
  if (!stats.isDirectory()) return refuse('it is not a folder')
  if (!isPosix) return
  if (stats.uid !== process.getuid?.()) refuse('it belongs to another user')
  if ((stats.mode & 0o002) !== 0) refuse('all users can write to it')
}
