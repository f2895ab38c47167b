// The record of the running backend, for this user alone: it holds the token.

import { join } from 'node:path'
import * as z from 'zod/mini'
import { parseJson } from '../lib/parse-json.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { removeFileIf } from '../os/files/remove-file.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { removeStaleParts, writeFileWhole } from '../os/files/write-file.ts'

const NAME = 'backend.json'
const MAX_BYTES = 64 * 1024
const isPosix = process.platform !== 'win32'

const recordSchema = z.object({
  schema: z.literal(1),
  pid: z.int(),
  port: z.int(),
  token: z.string(),
  version: z.string(),
  startedAt: z.string(),
})
export type BackendRecord = z.infer<typeof recordSchema>

/** Returns the record of the running backend; null: there is none, or none that this user wrote. */
export function readBackendRecord(folder: string): BackendRecord | null {
  const read = readRegularFile(join(folder, NAME), MAX_BYTES)
  if (read.kind !== 'text') return null
  if (isPosix && (read.uid !== process.getuid?.() || (read.mode & 0o077) !== 0)) return null
  // An incomplete or foreign record names no backend.
  return parseJson(recordSchema, read.text)
}

/** Writes the record, whole or not at all, readable by this user alone. */
export function writeBackendRecord(folder: string, record: BackendRecord): void {
  secureFolder(folder)
  removeStaleParts(folder)
  writeFileWhole(join(folder, NAME), `${JSON.stringify(record)}\n`)
}

/**
 * Removes the record if it still has this token. A record that cannot be removed is harmless: no process can prove that it is this
 * backend.
 */
export function removeBackendRecord(folder: string, token: string): void {
  removeFileIf(join(folder, NAME), () => readBackendRecord(folder)?.token === token)
}
