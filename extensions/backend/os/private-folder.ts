// Folders that are this user's alone, and what speaks against writing into one that others made.
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { AppError } from '#contract/errors'

/** Windows has no modes: what lies in the person's profile is theirs. */
const isPosix = process.platform !== 'win32'

/** Makes the folder and makes it ours alone (0700). The result says why it cannot be; null: it is. */
export function makePrivate(folder: string): string | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isPosix) return null
  const stats = lstatSync(folder)
  if (!stats.isDirectory()) return 'it is a link or no folder'
  if (stats.uid !== process.getuid?.()) return 'it belongs to another user'
  // Loose only by an open umask or by hand: ours to tighten, and nothing in it is trusted that others could have written.
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700)
  return null
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
