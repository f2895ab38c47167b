// Writes our entries: `SERENA_HOME/instances.d/<pid>-<start>.json`, one file per process, private and atomic. A lock per file keeps
// concurrent changes. The folder is shared: Python programs may write entries of their own there.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '#contract/errors'
import type { OwnEntry } from '#contract/registry'
import { type LockOptions, withFileLock } from '../os/files/file-lock.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { quarantine, removeFileIf } from '../os/files/remove-file.ts'
import { prepareEntryFolder, writeEntryFile } from './entry-file.ts'
import { readEntryText } from './entry-text.ts'
import { entryFileName } from './own-entry.ts'

const MAX_BYTES = 64 * 1024

export interface EntryWriter {
  /** Writes the entry into the home, which is made if necessary, and returns its file. A broken file is quarantined first. */
  put(serenaHome: string, entry: OwnEntry): Promise<string>
  /** Reads, changes and writes. AppError `entry-not-found`: there is no such file, or it is of another process. */
  change(file: string, identity: string, change: (entry: OwnEntry) => OwnEntry): Promise<OwnEntry>
  /** Returns the removed entry. AppError `entry-not-found` as above. */
  remove(file: string, identity: string): Promise<OwnEntry>
}

/**
 * Returns a writer. `hasExited` proves that the holder of a lock has exited. Further errors: `folder-unsafe`, `not-written`,
 * `file-locked`.
 */
export function createEntryWriter({ hasExited }: Pick<LockOptions, 'hasExited'>): EntryWriter {
  const locked = <Result>(file: string, work: () => Result): Promise<Result> =>
    withFileLock(file, { hasExited }, work)

  return {
    async put(serenaHome, entry) {
      const folder = prepareEntryFolder(serenaHome)
      const file = join(folder, entryFileName(entry))
      await locked(file, () => {
        const before = readRegularFile(file, MAX_BYTES)
        if (before.kind === 'text') {
          const { kind } = readEntryText(before.text)
          if (kind === 'newer') throw newer(file)
          if (kind === 'broken') quarantine(file)
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
        throw new AppError('not-written', { file, issue: 'the system refused to remove it' })
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
