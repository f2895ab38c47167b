// A file of another program that is changed for the user: read through links, and the reasons why it must not be written.
import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf } from '../../lib/error-code.ts'
import { readRegularFile } from './read-file.ts'

const MAX_BYTES = 16 * 1024 * 1024

export interface UserFile {
  /** Where the content is: the end of all links. */
  target: string
  /** Null: the file does not exist. */
  text: string | null
  /** Of the file that exists. */
  like: { mode: number; gid: number } | null
  /** Why it must not be written, as a sentence; null: it can be. */
  problem: string | null
}

/** Reads a file. It never throws: what cannot be read has no text, and a problem. */
export function readUserFile(file: string): UserFile {
  try {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined)
      return { target: targetOfNew(file), text: null, like: null, problem: null }
    const target = realpathSync(file)
    return { target, ...readTarget(target), ...ofLink(file) }
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'It is a link to a file that does not exist.' : null
    return unreadable(file, why ?? `It cannot be read (${codeOf(error) || 'unknown error'}).`)
  }
}

const unreadable = (target: string, problem: string): UserFile => ({
  target,
  text: null,
  like: null,
  problem,
})

function readTarget(target: string): Omit<UserFile, 'target'> {
  const read = readRegularFile(target, MAX_BYTES)
  if (read.kind !== 'text') {
    const why = read.kind === 'missing' ? 'it does not exist' : read.why
    return unreadable(target, `It cannot be read: ${why}.`)
  }
  const stats = statSync(target)
  return {
    text: read.text,
    like: { mode: stats.mode & 0o7777, gid: stats.gid },
    problem: problemOf(read, stats),
  }
}

function problemOf(
  { text, isCut }: { text: string; isCut: boolean },
  { uid, mode, nlink }: { uid: number; mode: number; nlink: number },
): string | null {
  if (isOther(uid)) return 'The file belongs to another user.'
  if (isCut) return 'The file is too large.'
  // Decoding has lost bytes: they could not be written back.
  if (text.includes('\uFFFD')) return 'The file contains bytes that are not valid UTF-8.'
  if ((mode & 0o200) === 0) return 'The file is read-only.'
  if (nlink > 1) return 'The file has several names (hard links), which a change would separate.'
  return null
}

const isOther = (uid: number): boolean => process.getuid !== undefined && uid !== process.getuid()

/** A link that another user has made could lead anywhere. */
function ofLink(file: string): { problem: string } | null {
  const { uid } = lstatSync(file)
  return isOther(uid) ? { problem: 'The file belongs to another user.' } : null
}

/** The folder of a new file may be a link, or not exist yet. */
function targetOfNew(file: string): string {
  try {
    return join(realpathSync(dirname(file)), file.slice(dirname(file).length + 1))
  } catch {
    return file
  }
}

/** Returns the folders that a new file needs, outermost first. */
export function missingFolders(file: string): string[] {
  const folder = dirname(file)
  if (folder === file || statSync(folder, { throwIfNoEntry: false }) !== undefined) return []
  return [...missingFolders(folder), folder]
}
