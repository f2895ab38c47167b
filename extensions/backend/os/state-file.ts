// The record of the running backend, for this user alone: it holds the token.
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { readRegularFile } from '../lib/read-file.ts'

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

/** Makes the folder ours alone (0700). AppError `state-folder-unsafe` when it is another user's, a link, or no folder. */
export function secureFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isPosix) return
  const stats = lstatSync(folder)
  const refuse = (issue: string): never => {
    throw new AppError('state-folder-unsafe', { path: folder, issue })
  }
  if (!stats.isDirectory()) refuse('it is a link or no folder')
  if (stats.uid !== process.getuid?.()) refuse('it belongs to another user')
  // Loose only by an open umask or by hand: ours to tighten, and nothing in it is trusted that others could have written.
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700)
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
  const temporary = join(folder, `.${NAME}.${process.pid}.${randomBytes(6).toString('hex')}`)
  // O_EXCL: a planted link or file at that name is an error, never followed or overwritten.
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    writeSync(fd, `${JSON.stringify(record)}\n`)
    fsyncSync(fd)
  } catch (error) {
    unlinkSync(temporary)
    throw error
  } finally {
    closeSync(fd)
  }
  renameSync(temporary, join(folder, NAME))
}

/** Removes the record if it is still the one with this token. */
export function removeBackendRecord(folder: string, token: string): void {
  if (readBackendRecord(folder)?.token !== token) return
  unlinkSync(join(folder, NAME))
}
