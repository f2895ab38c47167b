// The folder of our entries, and the write of one entry. Without schemas, to keep `wrap` small.
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import type { OwnEntry } from '#contract/registry'
import { checkOwnFolder, makeFolder, makePrivate } from '../os/files/private-folder.ts'
import { notWritten } from '../os/files/write-failure.ts'
import { removeStaleParts, writeFileWhole } from '../os/files/write-file.ts'

const MAX_BYTES = 64 * 1024

/** Returns `instances.d` of the home; makes both if necessary. AppError `folder-unsafe`, `not-written`. */
export function prepareEntryFolder(serenaHome: string): string {
  try {
    makeFolder(serenaHome, 0o700)
  } catch (cause) {
    throw notWritten(serenaHome, cause)
  }
  checkOwnFolder(serenaHome)
  const folder = join(serenaHome, 'instances.d')
  const issue = makePrivate(folder)
  if (issue !== null) throw new AppError('folder-unsafe', { path: folder, issue })
  removeStaleParts(folder)
  return folder
}

/** Writes the file as a whole. AppError `bad-input` if it would be larger than 64 KiB, `not-written`. */
export function writeEntryFile(file: string, entry: OwnEntry): void {
  const text = `${JSON.stringify(entry, null, 2)}\n`
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new AppError('bad-input', { issue: 'the entry would be larger than 64 KiB' })
  writeFileWhole(file, text)
}
