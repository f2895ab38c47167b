// The history of one deck: records what happens to instances, and reads it back.
import type { Receipt } from '#contract/ending'
import type { InstanceChanges } from '#contract/events'
import { type History, type HistoryActor, type HistoryRecord, historyLines } from '#contract/history'
import type { Instance, Notice } from '#contract/instance'
import { HISTORY_VERSION, RECEIPT_VERSION } from '#contract/versions'
import { foldRepeats } from './fold-repeats.ts'
import type { HistoryFile } from './history-file.ts'
import { cut, type UnseenStart, unseenRecord } from './history-record.ts'
import { withOneEnd } from './one-end.ts'
import { openOf } from './open-records.ts'
import { createRecordCache } from './record-cache.ts'
import { createRecorder, type Recorder } from './recorder.ts'

/** What happened to instances. */
export interface HistoryService {
  /** Returns the newest `limit` records; `about`: only those of the instance with that id; null: of all. */
  list(asked: { about: string | null; limit: number }): Promise<History>
}

export interface HistoryDeps {
  file: HistoryFile
  /** Wall time. */
  nowMs: () => number
  /** Only a launcher of that instance runs. */
  isLauncher: (instanceId: string) => boolean
  /** The notices have changed. */
  onNews: () => void
  /** What is known about the exit of an instance soon after its start. */
  endOf?: (id: string) => Pick<UnseenStart, 'why' | 'failure'> | null
}

export interface HistoryKeeper extends HistoryService {
  /** Takes the first list; from here on changes are recorded. */
  begin(instances: readonly Instance[]): void
  apply(changes: InstanceChanges): void
  addUnseen(starts: readonly UnseenStart[]): void
  /** Adds records of events that the list of instances does not show. Resolves to false if they could not be written. */
  add(records: readonly HistoryRecord[]): Promise<boolean>
  /** Runs the action that ends instances, and records its result. */
  recordEnding(
    instances: readonly Instance[],
    by: HistoryActor,
    end: () => Promise<Receipt>,
  ): Promise<Receipt>
  notices(): readonly Notice[]
  /** Resolves when everything is written. */
  flush(): Promise<void>
}

/** Creates the history of one deck. A file that cannot be written is reported as a notice and stops nothing else. */
export function createHistory({ file, nowMs, isLauncher, onNews, endOf }: HistoryDeps): HistoryKeeper {
  const recorder = createRecorder(nowMs, isLauncher)
  const writer = createWriter(file, onNews)
  const cache = createRecordCache(file)
  let hasBegun = false

  function withEarlyEnd(record: HistoryRecord): HistoryRecord {
    const end = record.event === 'gone' ? endOf?.(record.id) : null
    return end ? { ...record, why: end.why.map(cut), failure: end.failure } : record
  }

  return {
    begin(instances) {
      if (hasBegun) return
      hasBegun = true
      void writer.write(recorder.begin(instances, openOf(cache.read())))
    },
    apply(changes) {
      if (hasBegun) void writer.write(recorder.apply(changes).map(withEarlyEnd))
    },
    addUnseen(starts) {
      void writer.write(starts.map((one) => unseenRecord(one, nowMs())))
    },
    add: writer.write,
    recordEnding: (instances, by, end) => recordEnding(recorder, writer, { instances, by, end }),
    async list({ about, limit }) {
      await writer.flush()
      const all = withOneEnd(cache.read())
      const chosen = about === null ? foldRepeats(all) : all.filter(isAbout(about, all))
      return { schema: HISTORY_VERSION, records: chosen.slice(-limit), hasMore: chosen.length > limit }
    },
    notices: writer.notices,
    flush: writer.flush,
  }
}

interface Writer {
  /** Resolves to false if they could not be written. */
  write(records: readonly HistoryRecord[]): Promise<boolean>
  flush(): Promise<void>
  notices(): readonly Notice[]
}

/** Appends in order, one at a time. */
function createWriter(file: HistoryFile, onNews: () => void): Writer {
  let writing = Promise.resolve(true)
  let problem: string | null = null

  /** Returns whether there is none. */
  function setProblem(text: string | null): boolean {
    if (text !== problem) {
      problem = text
      onNews()
    }
    return text === null
  }

  return {
    write(records) {
      if (records.length === 0) return Promise.resolve(true)
      writing = writing
        .then(() => file.append(historyLines(records)))
        .then(
          () => setProblem(null),
          (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
        )
      return writing
    },
    async flush() {
      await writing
    },
    notices: () =>
      problem === null
        ? []
        : [{ id: 'history', level: 'warning', text: `Cannot write the history: ${problem}` }],
  }
}

async function recordEnding(
  recorder: Recorder,
  { write }: Writer,
  { instances, by, end }: { instances: readonly Instance[]; by: HistoryActor; end: () => Promise<Receipt> },
): Promise<Receipt> {
  recorder.beginEnding(instances)
  try {
    const receipt = await end()
    void write(recorder.finishEnding(instances, receipt, by))
    return receipt
  } catch (error) {
    // The result is unknown: instances that have left the list are recorded as exited.
    const refused = instances.map(({ id }) => ({ id, why: '' }))
    const receipt: Receipt = { schema: RECEIPT_VERSION, ended: [], refused, survivors: [] }
    void write(recorder.finishEnding(instances, receipt, by))
    throw error
  }
}

/** Matches the instance, and its process under another id: a registry entry has another id than the process it described. */
function isAbout(id: string, all: readonly HistoryRecord[]): (record: HistoryRecord) => boolean {
  const one = all.findLast((record) => record.id === id)
  return (record) =>
    record.id === id ||
    (one !== undefined &&
      one.startedAt !== null &&
      record.pid === one.pid &&
      record.startedAt === one.startedAt)
}
