// The storage of the page of the native window: the browser's own storage is lost with the random port of each window.
import { join } from 'node:path'
import { MAX_KEPT } from '#contract/window'
import { readRegularFile } from '../os/files/read-file.ts'
import { writeFileWhole } from '../os/files/write-file.ts'

const NAME = 'window.json'

/** Returns the stored text; null: there is none, or it cannot be read. */
export function readPageStorage(folder: string): string | null {
  const read = readRegularFile(join(folder, NAME), MAX_KEPT * 4)
  return read.kind === 'text' ? read.text : null
}

/** Writes the text atomically, readable by this user only. */
export function writePageStorage(folder: string, text: string): void {
  writeFileWhole(join(folder, NAME), text)
}
