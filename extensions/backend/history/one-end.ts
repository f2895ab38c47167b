// A program that ends an instance (`wrap`, or a command without a backend) records the reason, before or after the backend records the
// exit: the file may hold both. Pure.
import type { HistoryRecord } from '#contract/history'

/** Returns the records without each exit whose reason is recorded too, between the same two starts. */
export function withOneEnd(records: readonly HistoryRecord[]): readonly HistoryRecord[] {
  const starts = new Map<string, number>()
  const runs = records.map(({ event, id }) => {
    const count = (starts.get(id) ?? 0) + (event === 'started' ? 1 : 0)
    starts.set(id, count)
    return `${count} ${id}`
  })
  const ended = new Set(runs.filter((_, index) => records[index]?.event === 'ended'))
  return records.filter(({ event }, index) => event !== 'gone' || !ended.has(runs[index] ?? ''))
}
