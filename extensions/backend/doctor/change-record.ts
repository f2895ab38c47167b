// What Serena Deck has changed in the files of other programs: for an undo in a later run, for the end of a change that was
// interrupted, and for an uninstallation that removes exactly what was added.
import { join } from 'node:path'
import * as z from 'zod/mini'
import { parseJson } from '../lib/parse-json.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { type PreparedWrite, prepareWrite } from '../os/files/write-file.ts'

const NAME = 'config-changes.json'
const MAX_BYTES = 32 * 1024 * 1024
const VERSION = 1
/** Older ones of the doctor are forgotten; their backups are removed at about the same time. */
const KEPT = 50

const fileSchema = z.object({
  /** As the client names it, and where the content is. */
  file: z.string(),
  target: z.string(),
  format: z.enum(['json', 'json5', 'toml', 'yaml']),
  /** The copy of the old content; null: the file did not exist. */
  backup: z.nullable(z.string()),
  /** Of the old and the new content. */
  before: z.nullable(z.string()),
  after: z.string(),
  /** Folders that were made for it, outermost first. */
  folders: z.array(z.string()),
  differences: z.array(
    z.object({ path: z.array(z.string()), before: z.optional(z.unknown()), after: z.optional(z.unknown()) }),
  ),
})
export type ChangedFile = z.infer<typeof fileSchema>

const setSchema = z.object({
  id: z.string(),
  atMs: z.number(),
  reason: z.enum(['doctor', 'setup', 'share']),
  /** `applying`: the next run undoes it; `undoing`: the next run completes the undo. */
  state: z.enum(['applying', 'applied', 'undoing']),
  files: z.array(fileSchema),
})
export type ChangeSet = z.infer<typeof setSchema>
export type ChangeReason = ChangeSet['reason']

const documentSchema = z.object({ schema: z.literal(VERSION), sets: z.array(setSchema) })

export interface ChangeRecord {
  /** Oldest first. */
  read(): readonly ChangeSet[]
  /** Replaces the set with that id, or adds it. */
  put(set: ChangeSet): void
  /** The same, in two steps: the second one needs no space on the disk. */
  prepare(set: ChangeSet): PreparedWrite
  remove(id: string): void
}

/** Creates the record in a private folder. A file that cannot be parsed counts as empty. */
export function createChangeRecord(folder: string): ChangeRecord {
  const file = join(folder, NAME)
  const read = (): readonly ChangeSet[] => {
    const found = readRegularFile(file, MAX_BYTES)
    return found.kind === 'text' && !found.isCut ? parse(found.text) : []
  }
  const prepareAll = (sets: readonly ChangeSet[]): PreparedWrite =>
    prepareWrite(file, `${JSON.stringify({ schema: VERSION, sets: recent(sets) }, null, 2)}\n`)
  const withSet = (set: ChangeSet): readonly ChangeSet[] => {
    const sets = read()
    const isKnown = sets.some(({ id }) => id === set.id)
    return isKnown ? sets.map((one) => (one.id === set.id ? set : one)) : [...sets, set]
  }
  return {
    read,
    put: (set) => prepareAll(withSet(set)).commit(),
    prepare: (set) => prepareAll(withSet(set)),
    remove: (id) => prepareAll(read().filter((one) => one.id !== id)).commit(),
  }
}

/** None if it was written by another version, or by hand. */
const parse = (text: string): readonly ChangeSet[] => parseJson(documentSchema, text)?.sets ?? []

/** What setup and sharing have added is needed until it is removed. */
function recent(sets: readonly ChangeSet[]): readonly ChangeSet[] {
  const isOld = sets.filter(({ reason }) => reason === 'doctor').slice(0, -KEPT)
  return sets.filter((set) => !isOld.includes(set))
}
