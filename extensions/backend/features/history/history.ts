// The history of one deck: hears what happens, writes it down, and reads it back.

import * as z from 'zod/mini'
import type { Receipt } from '#contract/ending'
import type { InstanceChanges } from '#contract/events'
import { type HistoryActor, type HistoryRecord, historyLines, historyRecordSchema } from '#contract/history'
import { type Instance, type Notice, SCHEMA_VERSION } from '#contract/instance'
import type { HistoryFile } from '../../os/history-file.ts'
import type { HistoryService } from '../../services.ts'
import { foldRepeats } from './fold-repeats.ts'
import { createRecorder, cut, openOf, recordOf } from './recorder.ts'

/** More than its two files hold of records; of lines that are none they could hold hundreds of thousands. */
const MAX_LINES = 10_000

export interface HistoryDeps {
  file: HistoryFile
  /** Wall time. */
  nowMs: () => number
  /** Of that instance only a launcher runs. */
  isLauncher: (instanceId: string) => boolean
  /** Something about the notices is new. */
  onNews: () => void
  /** What is known of the end of an instance that ended soon after its start. */
  endOf?: (id: string) => EarlyEnd | null
}

/** Why an instance ended at its start, in sentences, and the error that ended it. */
interface EarlyEnd {
  why: readonly string[]
  failure: string | null
}

/** A start that was never seen: its log tells of it. */
export interface UnseenStart extends EarlyEnd {
  id: string
  pid: number
  startedAtMs: number
  title: string
}

export interface HistoryKeeper extends HistoryService {
  /** The first list; from here on changes are written down. */
  begin(instances: readonly Instance[]): void
  apply(changes: InstanceChanges): void
  addUnseen(starts: readonly UnseenStart[]): void
  /** Does the ending and writes down what came of it. */
  whileEnding(instances: readonly Instance[], by: HistoryActor, end: () => Promise<Receipt>): Promise<Receipt>
  notices(): readonly Notice[]
  /** Resolves when all is written. */
  flush(): Promise<void>
}

/** A keeper that has begun with nothing. That the file cannot be written is a notice, and stops nobody. */
export function createHistory({ file, nowMs, isLauncher, onNews, endOf }: HistoryDeps): HistoryKeeper {
  const recorder = createRecorder(nowMs, isLauncher)
  let writing: Promise<void> = Promise.resolve()
  let problem: string | null = null
  let hasBegun = false
  let parsed: { stamp: string; records: readonly HistoryRecord[] } = { stamp: '', records: [] }

  function write(records: readonly HistoryRecord[]): void {
    if (records.length === 0) return
    writing = writing
      .then(() => file.append(historyLines(records)))
      .then(
        () => setProblem(null),
        (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
      )
  }

  /** Without the ends that somebody else has written down as his deed. */
  function withoutKnownEnds(records: readonly HistoryRecord[]): readonly HistoryRecord[] {
    if (!records.some(({ event }) => event === 'gone')) return records
    const last = new Map(readAll().map((record) => [record.id, record]))
    return records.filter(({ event, id }) => event !== 'gone' || last.get(id)?.event !== 'ended')
  }

  function withEarlyEnd(record: HistoryRecord): HistoryRecord {
    const end = record.event === 'gone' ? endOf?.(record.id) : null
    return end ? { ...record, why: end.why.map(cut), failure: end.failure } : record
  }

  function setProblem(text: string | null): void {
    if (text === problem) return
    problem = text
    onNews()
  }

  function readAll(): readonly HistoryRecord[] {
    const { lines, stamp } = file.read()
    if (stamp !== parsed.stamp) parsed = { stamp, records: lines.slice(-MAX_LINES).flatMap(parseLine) }
    return parsed.records
  }

  return {
    begin(instances) {
      if (hasBegun) return
      hasBegun = true
      write(recorder.begin(instances, openOf(readAll())))
    },
    apply(changes) {
      if (hasBegun) write(withoutKnownEnds(recorder.apply(changes)).map(withEarlyEnd))
    },
    addUnseen(starts) {
      write(starts.map((one) => unseenRecord(one, nowMs())))
    },
    async whileEnding(instances, by, end) {
      recorder.endingBegan(instances)
      try {
        const receipt = await end()
        write(recorder.endingOver(instances, receipt, by))
        return receipt
      } catch (error) {
        // Nothing was done, or nobody knows what: whoever is gone is told of as gone.
        const refused = instances.map(({ id }) => ({ id, why: '' }))
        write(
          recorder.endingOver(instances, { schema: SCHEMA_VERSION, ended: [], refused, survivors: [] }, by),
        )
        throw error
      }
    },
    async list({ about, limit }) {
      await writing
      const all = readAll()
      const chosen = about === null ? foldRepeats(all) : all.filter(isAbout(about, all))
      return {
        schema: SCHEMA_VERSION,
        records: chosen.slice(-limit),
        hasMore: chosen.length > limit,
      }
    },
    notices: () =>
      problem === null
        ? []
        : [{ id: 'history', level: 'warning', text: `The history is not written: ${problem}` }],
    flush: () => writing,
  }
}

function unseenRecord(
  { id, pid, startedAtMs, title, why, failure }: UnseenStart,
  atMs: number,
): HistoryRecord {
  const known = {
    id,
    pid,
    title,
    project: null,
    owner: null,
    state: 'starting' as const,
    verdict: { evidence: [] },
  }
  const startedAt = new Date(startedAtMs).toISOString()
  return { ...recordOf('gone', { ...known, startedAt }, atMs, { why: [...why] }), failure }
}

/** A torn line, one of a newer version, or one that somebody else wrote, is left out. */
function parseLine(line: string): HistoryRecord[] {
  if (line === '') return []
  try {
    const read = z.safeParse(historyRecordSchema, JSON.parse(line))
    return read.success ? [read.data] : []
  } catch {
    // Torn: whoever wrote it was stopped in the middle.
    return []
  }
}

/** The instance, and its process under another id: an entry is named otherwise than the process it meant. */
function isAbout(id: string, all: readonly HistoryRecord[]): (record: HistoryRecord) => boolean {
  const one = all.findLast((record) => record.id === id)
  return (record) =>
    record.id === id ||
    (one !== undefined &&
      one.startedAt !== null &&
      record.pid === one.pid &&
      record.startedAt === one.startedAt)
}
