// What the page of the native window keeps from one window to the next: its own storage goes with its random port.
import { join } from 'node:path'
import { MAX_KEPT } from '#contract/window'
import { readRegularFile } from '../lib/read-file.ts'
import { writeFileWhole } from './write-file.ts'

const NAME = 'window.json'

/** Null: nothing was kept, or nothing that is ours to read. */
export function readKeptText(folder: string): string | null {
  const read = readRegularFile(join(folder, NAME), MAX_KEPT * 4)
  return read.kind === 'text' ? read.text : null
}

/** Whole or not at all, readable by this user alone. */
export function writeKeptText(folder: string, text: string): void {
  writeFileWhole(join(folder, NAME), text)
}
