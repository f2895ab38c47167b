// Where our entries lie, and one of them written whole. Without the schemas, which `wrap` is too small for.
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import type { OwnEntry } from '#contract/registry'
import { checkOwnFolder, makeFolder, makePrivate } from '../../os/private-folder.ts'
import { notWritten, sweepParts, writeFileWhole } from '../../os/write-file.ts'

const MAX_BYTES = 64 * 1024

/** `instances.d` of the home, both made if they are not there yet. AppError `folder-unsafe`, `not-written`. */
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
  sweepParts(folder)
  return folder
}

/** AppError `bad-input` when it would be larger than 64 KiB, `not-written`. */
export function writeEntryFile(file: string, entry: OwnEntry): void {
  const text = `${JSON.stringify(entry, null, 2)}\n`
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new AppError('bad-input', { issue: 'the entry would be larger than 64 KiB' })
  writeFileWhole(file, text)
}
