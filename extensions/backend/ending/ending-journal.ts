// The processes that a forced ending stops, kept in the state folder for as long as they may be stopped: if we are killed in between,
// the next backend finds them there (unfinished.ts).
import { join } from 'node:path'
import * as z from 'zod/mini'
import { parseJson } from '../lib/parse-json.ts'
import { namesIn } from '../os/files/names-in.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { removeFileIf } from '../os/files/remove-file.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { writeFileWhole } from '../os/files/write-file.ts'
import type { StopJournal } from './stop-journal.ts'

const NAME = /^ending-\d+-\d+\.json$/
const MAX_BYTES = 1024 * 1024

const processSchema = z.object({ pid: z.int(), identity: z.string() })

const recordSchema = z.object({
  schema: z.literal(1),
  /** The process that ends it, and since when. */
  writerPid: z.int(),
  atMs: z.number(),
  /** The id of the plan, for the log of signals. */
  plan: z.string(),
  title: z.string(),
  /** The Serena; null: the tree of one that exited. */
  target: z.nullable(processSchema),
  /** The user chose to end their own programs as well. */
  includesPersons: z.boolean(),
  /** All that are or will be stopped. */
  stopped: z.array(processSchema),
})
export type EndingRecord = z.infer<typeof recordSchema>

export interface EndingJournals {
  /** Opens a journal for one forced ending; no file is written before its first `write`. */
  open(of: Pick<EndingRecord, 'plan' | 'title' | 'target' | 'includesPersons'>): StopJournal
  /** Returns all existing journals, of any writer. */
  read(): { file: string; record: EndingRecord }[]
  /** Removes a finished journal. */
  remove(file: string): void
}

let opened = 0

/** Creates the journals of a state folder. */
export function createEndingJournals(folder: string): EndingJournals {
  return {
    open(of) {
      const file = join(folder, `ending-${process.pid}-${++opened}.json`)
      const atMs = Date.now()
      let isWritten = false
      return {
        write(stopped) {
          const record: EndingRecord = {
            schema: 1,
            writerPid: process.pid,
            atMs,
            ...of,
            stopped: stopped.map(({ pid, identity }) => ({ pid, identity })),
          }
          try {
            secureFolder(folder)
            writeFileWhole(file, `${JSON.stringify(record)}\n`)
            isWritten = true
          } catch {
            // An ending works without a writable state folder, too.
          }
        },
        remove() {
          if (isWritten) removeFileIf(file, () => true)
        },
      }
    },
    read: () =>
      namesIn(folder)
        .filter((name) => NAME.test(name))
        .flatMap((name) => {
          const file = join(folder, name)
          const record = readRecord(file)
          return record === null ? [] : [{ file, record }]
        }),
    remove: (file) => void removeFileIf(file, () => true),
  }
}

function readRecord(file: string): EndingRecord | null {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind !== 'text') return null
  if (process.platform !== 'win32' && read.uid !== process.getuid?.()) return null
  // Incomplete or foreign: nothing in it may be signaled.
  return parseJson(recordSchema, read.text)
}
