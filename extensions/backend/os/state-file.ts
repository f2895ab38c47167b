// The record of the running backend, for this user alone: it holds the token.
import { join } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { readRegularFile } from '../lib/read-file.ts'
import { makePrivate } from './private-folder.ts'
import { removeFileIf } from './remove-file.ts'
import { sweepParts, writeFileWhole } from './write-file.ts'

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

/**
 * Makes our own folder ours alone (0700). AppError `state-folder-unsafe` when it is another user's or a link,
 * `state-folder-unusable` when it cannot be made or written into.
 */
export function secureFolder(folder: string): void {
  let issue: string | null
  try {
    issue = makePrivate(folder)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'not-written') throw cause
    const why = cause.data['issue'] ?? 'unknown'
    throw new AppError('state-folder-unusable', { path: folder, issue: why }, { cause })
  }
  if (issue !== null) throw new AppError('state-folder-unsafe', { path: folder, issue })
}

/** The record of the running backend; null: there is none, or none that this user wrote. */
export function readBackendRecord(folder: string): BackendRecord | null {
  const read = readRegularFile(join(folder, NAME), MAX_BYTES)
  if (read.kind !== 'text') return null
  if (isPosix && (read.uid !== process.getuid?.() || (read.mode & 0o077) !== 0)) return null
  try {
    const parsed = z.safeParse(recordSchema, JSON.parse(read.text))
    return parsed.success ? parsed.data : null
  } catch {
    // Torn or foreign: then it names no backend.
    return null
  }
}

/** Writes the record, whole or not at all, readable by this user alone. */
export function writeBackendRecord(folder: string, record: BackendRecord): void {
  secureFolder(folder)
  sweepParts(folder)
  writeFileWhole(join(folder, NAME), `${JSON.stringify(record)}\n`)
}

/** Removes the record if it is still the one with this token. Where it may not be removed it stays: nobody proves to be it. */
export function removeBackendRecord(folder: string, token: string): void {
  removeFileIf(join(folder, NAME), () => readBackendRecord(folder)?.token === token)
}
