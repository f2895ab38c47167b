// Removing a file that we wrote ourselves, if it is still the one that was meant.
import { lstatSync, renameSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readRegularFile } from '../lib/read-file.ts'

const MAX_BYTES = 1024 * 1024

/** True: it is removed, or gone already. False: its text is not what was meant, or it may not be removed. Never through a link. */
export function removeFileIf(file: string, isMeant: (text: string) => boolean): boolean {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind === 'missing') return true
  if (read.kind !== 'text' || !isMeant(read.text)) return false
  try {
    unlinkSync(file)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

/** Renames what stands in the way and cannot be used, so that nobody's data is thrown away: `.NAME.broken`, the first one kept. */
export function setAside(file: string): void {
  const aside = join(dirname(file), `.${basename(file)}.broken`)
  if (lstatSync(aside, { throwIfNoEntry: false })) return
  renameSync(file, aside)
}
