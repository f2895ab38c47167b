// The file beside the view that says which entries of `instances.json` are ours.
import { join } from 'node:path'
import { parseJson } from '../lib/parse-json.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { writeFileWhole } from '../os/files/write-file.ts'
import { NO_RECORD, type PublishRecord, recordSchema } from './view.ts'

const MAX_BYTES = 8 * 1024 * 1024
const RECORD = '.published.json'

/** Returns the path of the record in a home. */
export const recordFileOf = (serenaHome: string): string => join(serenaHome, 'instances.d', RECORD)

/** Returns which entries of the home's `instances.json` we published; an unreadable record names none. */
export function readRecord(file: string): PublishRecord {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind !== 'text') return NO_RECORD
  // Incomplete: every entry of the view then counts as another program's, and is never removed.
  return parseJson(recordSchema, read.text) ?? NO_RECORD
}

export const writeRecord = (file: string, record: PublishRecord): void =>
  writeFileWhole(file, `${JSON.stringify({ schema: 1, ...record })}\n`)
