// A client that aborts a slow start and repeats it at once: its attempts are shown as one record. The file keeps each. Pure.
import { ageThenMs, type HistoryRecord } from '#contract/history'

/** A client aborts within this time (Claude Code: 3 s); the rest is the time until the exit is seen. */
const ABORTED_MS = 12_500
/** Time from the exit, as it was seen, to the next start. */
const NEXT_MS = 3_000

/** Returns the records with the aborted attempts folded into the start that follows: `attempts` counts them with it. */
export function foldRepeats(records: readonly HistoryRecord[]): readonly HistoryRecord[] {
  const folded = new Set<HistoryRecord>()
  const attempts = new Map<HistoryRecord, number>()
  const starts = records.filter(({ event }) => event === 'started')
  const ofOne = new Map<string, HistoryRecord[]>()
  for (const record of records) ofOne.set(record.id, [...(ofOne.get(record.id) ?? []), record])
  for (const start of starts) {
    const own = ofOne.get(start.id) ?? []
    const end = own.find(({ event }) => event === 'gone')
    // Its other events keep their records.
    if (!end || !isAborted(end) || own.some(({ event }) => !QUIET.includes(event))) continue
    const next = starts.find((other) => isRepeat(end, other))
    if (!next) continue
    for (const record of own) folded.add(record)
    attempts.set(next, (attempts.get(next) ?? 1) + (attempts.get(start) ?? 1))
  }
  return records
    .filter((record) => !folded.has(record))
    .map((record) => {
      const count = attempts.get(record)
      return count === undefined ? record : { ...record, attempts: count }
    })
}

const QUIET: readonly HistoryRecord['event'][] = ['started', 'project', 'gone']

/** It exited soon after its start, without an error of its own. */
const isAborted = (end: HistoryRecord): boolean =>
  (end.failure ?? null) === null && (ageThenMs(end) ?? Number.POSITIVE_INFINITY) <= ABORTED_MS

/** The same client starts the same project again, from before the end to just after it was seen. */
function isRepeat(end: HistoryRecord, start: HistoryRecord): boolean {
  if (start.id === end.id || start.startedAt === null || end.startedAt === null) return false
  if (end.owner === null || start.owner === null) return false
  const isSame =
    start.owner.name === end.owner.name &&
    start.owner.detail === end.owner.detail &&
    start.project?.path === end.project?.path &&
    start.project?.name === end.project?.name
  const atMs = Date.parse(start.startedAt)
  return isSame && atMs > Date.parse(end.startedAt) && atMs <= Date.parse(end.at) + NEXT_MS
}
