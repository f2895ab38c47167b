// What was about to be stopped for a forced ending, in the state folder for as long as it may be stopped: if we are killed in between,
// the next one of us finds it there (features/ending/unfinished.ts).
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { readRegularFile } from '../lib/read-file.ts'
import type { StopJournal } from '../lib/stop-journal.ts'
import { removeFileIf } from './remove-file.ts'
import { secureFolder } from './state-file.ts'
import { writeFileWhole } from './write-file.ts'

const NAME = /^ending-\d+-\d+\.json$/
const MAX_BYTES = 1024 * 1024

const processSchema = z.object({ pid: z.int(), identity: z.string() })

const recordSchema = z.object({
  schema: z.literal(1),
  /** Who ends it, and since when. */
  writerPid: z.int(),
  atMs: z.number(),
  /** The id of the plan, for the log of signals. */
  plan: z.string(),
  title: z.string(),
  /** The Serena; null: what one left behind. */
  target: z.nullable(processSchema),
  /** The person chose to end their own programs as well. */
  includesPersons: z.boolean(),
  /** All that are or will be stopped. */
  stopped: z.array(processSchema),
})
export type EndingRecord = z.infer<typeof recordSchema>

export interface EndingJournals {
  /** A journal for one forced ending; nothing is written before its first `write`. */
  open(of: Pick<EndingRecord, 'plan' | 'title' | 'target' | 'includesPersons'>): StopJournal
  /** What is written there, by whomever. */
  read(): { file: string; record: EndingRecord }[]
  /** Removes one that is finished. */
  remove(file: string): void
}

let opened = 0

/** The journals of a state folder. */
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
            // A state folder that cannot be written keeps no Serena from being ended.
          }
        },
        remove() {
          if (isWritten) removeFileIf(file, () => true)
        },
      }
    },
    read: () =>
      namesIn(folder).flatMap((name) => {
        const file = join(folder, name)
        const record = readRecord(file)
        return record === null ? [] : [{ file, record }]
      }),
    remove: (file) => void removeFileIf(file, () => true),
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name))
  } catch {
    // No state folder yet: nothing was begun.
    return []
  }
}

function readRecord(file: string): EndingRecord | null {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind !== 'text') return null
  if (process.platform !== 'win32' && read.uid !== process.getuid?.()) return null
  try {
    const parsed = z.safeParse(recordSchema, JSON.parse(read.text))
    return parsed.success ? parsed.data : null
  } catch {
    // Torn or foreign: it names nothing that may be signaled.
    return null
  }
}
