// Writing our entries: `SERENA_HOME/instances.d/<pid>-<start>.json`, one file per process, private, whole or not at all. Whoever
// changes one holds its lock, so that two who change it at once both get their way. The folder is not ours alone: Python
// programs may write entries of their own beside these.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '#contract/errors'
import type { OwnEntry } from '#contract/registry'
import { readRegularFile } from '../../lib/read-file.ts'
import { type LockOptions, withFileLock } from '../../os/file-lock.ts'
import { removeFileIf, setAside } from '../../os/remove-file.ts'
import { readEntryText } from './entry-text.ts'
import { entryFileName } from './own-entry.ts'
import { prepareEntryFolder, writeEntryFile } from './place-entry.ts'

const MAX_BYTES = 64 * 1024

export interface EntryWriter {
  /** Writes the entry into the home (made if it is not there yet) and resolves to its file. A file that is broken is set aside first. */
  put(serenaHome: string, entry: OwnEntry): Promise<string>
  /** Reads, changes and writes; AppError `entry-not-found` when the file is not there or of another process. */
  change(file: string, identity: string, change: (entry: OwnEntry) => OwnEntry): Promise<OwnEntry>
  /** The removed entry; AppError `entry-not-found` as above. */
  remove(file: string, identity: string): Promise<OwnEntry>
}

/**
 * A writer. `isGone` proves that the holder of a lock has ended. Errors besides those above: `folder-unsafe`, `not-written`,
 * `file-locked`.
 */
export function createEntryWriter({ isGone }: Pick<LockOptions, 'isGone'>): EntryWriter {
  const locked = <Result>(file: string, work: () => Result): Promise<Result> =>
    withFileLock(file, { isGone }, work)

  return {
    async put(serenaHome, entry) {
      const folder = prepareEntryFolder(serenaHome)
      const file = join(folder, entryFileName(entry))
      await locked(file, () => {
        const before = readRegularFile(file, MAX_BYTES)
        if (before.kind === 'text') {
          const { kind } = readEntryText(before.text)
          if (kind === 'newer') throw newer(file)
          if (kind === 'broken') setAside(file)
        }
        writeEntryFile(file, entry)
      })
      return file
    },

    async change(file, identity, change) {
      checkFolder(file)
      return locked(file, () => {
        const changed = change(readOwn(file, identity))
        writeEntryFile(file, changed)
        return changed
      })
    },

    async remove(file, identity) {
      checkFolder(file)
      return locked(file, () => {
        const entry = readOwn(file, identity)
        const isIt = (text: string): boolean => {
          const read = readEntryText(text)
          return read.kind === 'entry' && read.entry.identity === identity
        }
        if (removeFileIf(file, isIt)) return entry
        readOwn(file, identity)
        throw new AppError('not-written', { file, issue: 'the system does not let it be removed' })
      })
    },
  }
}

function checkFolder(file: string): void {
  const folder = dirname(file)
  if (!existsSync(folder)) throw notFound(file)
  prepareEntryFolder(dirname(folder))
}

function readOwn(file: string, identity: string): OwnEntry {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind !== 'text') throw notFound(file)
  const parsed = readEntryText(read.text)
  if (parsed.kind === 'newer') throw newer(file)
  if (parsed.kind !== 'entry' || parsed.entry.identity !== identity) throw notFound(file)
  return parsed.entry
}

const notFound = (file: string): AppError => new AppError('entry-not-found', { target: file })
const newer = (file: string): AppError =>
  new AppError('not-written', { file, issue: 'a newer version of Serena Deck wrote it' })
