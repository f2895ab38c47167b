// The findings that the user has ignored, with the reason of each; in the state folder.
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { parseJson } from '../lib/parse-json.ts'
import { makePrivate } from '../os/files/private-folder.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { writeFileWhole } from '../os/files/write-file.ts'

const MAX_BYTES = 256 * 1024
const VERSION = 1

const ignoredSchema = z.object({ id: z.string(), reason: z.string(), at: z.string() })
export type IgnoredFinding = z.infer<typeof ignoredSchema>
const fileSchema = z.object({ schema: z.literal(VERSION), ignored: z.array(ignoredSchema) })

/** Returns the ignored findings; none if the file is missing or is not one of ours. */
export function readIgnored(file: string): readonly IgnoredFinding[] {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind !== 'text') return []
  // Edited by hand or incomplete: then all findings are shown.
  return parseJson(fileSchema, read.text)?.ignored ?? []
}

/** Ignores a finding, or with another reason. AppError `not-written`, `folder-unsafe`. */
export function ignoreFinding(file: string, { id, reason, at }: IgnoredFinding): void {
  write(file, [...readIgnored(file).filter((one) => one.id !== id), { id, reason, at }])
}

/** Shows a finding again. Returns false if it was not ignored. */
export function unignoreFinding(file: string, id: string): boolean {
  const before = readIgnored(file)
  const after = before.filter((one) => one.id !== id)
  if (after.length === before.length) return false
  write(file, after)
  return true
}

function write(file: string, ignored: readonly IgnoredFinding[]): void {
  const folder = dirname(file)
  const issue = makePrivate(folder)
  if (issue !== null) throw new AppError('folder-unsafe', { path: folder, issue })
  writeFileWhole(file, `${JSON.stringify({ schema: VERSION, ignored }, null, 2)}\n`)
}
