// Removing a file that we wrote ourselves, if it is still the same file.
import { lstatSync, renameSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../../lib/error-code.ts'
import { readRegularFile } from './read-file.ts'

const MAX_BYTES = 1024 * 1024

/** Returns true when the file is removed or does not exist; false when its text is another one, or it cannot be removed. Never follows a link. */
export function removeFileIf(file: string, isMeant: (text: string) => boolean): boolean {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind === 'missing') return true
  if (read.kind !== 'text' || !isMeant(read.text)) return false
  try {
    unlinkSync(file)
    return true
  } catch (error) {
    return codeOf(error) === 'ENOENT'
  }
}

/** Renames an unusable file to `.NAME.broken`, so that no data is lost; the first one is kept. */
export function quarantine(file: string): void {
  const aside = join(dirname(file), `.${basename(file)}.broken`)
  if (lstatSync(aside, { throwIfNoEntry: false })) return
  renameSync(file, aside)
}
