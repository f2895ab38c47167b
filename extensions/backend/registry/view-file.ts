// The view's file in one home: read with its record, and replaced as a whole.
import { dirname, join } from 'node:path'
import { AppError } from '#contract/errors'
import { checkOwnFolder, makePrivate } from '../os/files/private-folder.ts'
import { type FileText, readRegularFile } from '../os/files/read-file.ts'
import { removeFileIf } from '../os/files/remove-file.ts'
import { removeStaleParts, writeFileWhole } from '../os/files/write-file.ts'
import { readRecord, recordFileOf, writeRecord } from './publish-record.ts'
import {
  EMPTY_VIEW,
  type ForeignInput,
  foreignOf,
  foreignWriter,
  hashOf,
  type PublishRecord,
  parseView,
  renderView,
  type View,
} from './view.ts'

const MAX_BYTES = 8 * 1024 * 1024

export interface ViewPlace {
  /** `instances.json`. */
  file: string
  recordFile: string
}

export interface FoundView {
  read: FileText
  view: View
  record: PublishRecord
}

export const viewPlaceOf = (serenaHome: string): ViewPlace => ({
  file: join(serenaHome, 'instances.json'),
  recordFile: recordFileOf(serenaHome),
})

/** Makes the record's folder. AppError `folder-unsafe`. */
export function prepareViewFolder(serenaHome: string, { recordFile }: ViewPlace): void {
  checkOwnFolder(serenaHome)
  const folder = dirname(recordFile)
  const issue = makePrivate(folder)
  if (issue !== null) throw new AppError('folder-unsafe', { path: folder, issue })
}

/** Returns the view, or why another program may be writing it. */
export function readOwnView(
  { file, recordFile }: ViewPlace,
  now: Pick<ForeignInput, 'nowMs' | 'ownPid' | 'mayRun'>,
): FoundView | { why: string } {
  const record = readRecord(recordFile)
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind === 'refused') return { why: read.why }
  if (read.kind === 'missing') return { read, view: EMPTY_VIEW, record }
  const { text, modifiedAtMs } = read
  const view = parseView(text)
  if (view === null) return { why: 'its format is unknown' }
  const why = foreignWriter({ text, view, record, modifiedAtMs, ...now })
  return why === null ? { read, view, record } : { why }
}

/** Returns true if the file is unchanged since it was read. */
export const isUnchanged = (file: string, read: FileText): boolean => stampNow(file) === stampOf(read)

/** Identifies the state of the file. */
export const stampNow = (file: string): string => stampOf(readRegularFile(file, 0))

const stampOf = (read: FileText): string => (read.kind === 'text' ? read.stamp : read.kind)

/**
 * Writes the view. `fresh`: which entries of `next` are ours. The record is written first: an entry that no record names would stay
 * forever.
 */
export function writeView(
  { file, recordFile }: ViewPlace,
  { view: before, record }: FoundView,
  next: View,
  fresh: PublishRecord['entries'],
): void {
  const text = renderView(next)
  const isEmpty = Object.keys(next.instances).length === 0 && next.lifecycle_events.length === 0
  for (const folder of [dirname(file), dirname(recordFile)]) removeStaleParts(folder)
  if (isEmpty && Object.keys(foreignOf(before, record)).length === 0) {
    if (removeFileIf(file, (found) => parseView(found) !== null)) removeFileIf(recordFile, () => true)
    return
  }
  writeRecord(recordFile, { hash: hashOf(text), entries: [...record.entries, ...fresh] })
  writeFileWhole(file, text)
  writeRecord(recordFile, { hash: hashOf(text), entries: fresh })
}
