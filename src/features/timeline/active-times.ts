// When instances were active: finely for the last hour, in five minutes before that. Pure.
import type { Usage, UsageWeek } from '#contract/usage'

/** Returns the middle of each step with a tool call, by instance. */
export function activeTimes(
  hour: Usage | undefined,
  week: UsageWeek | undefined,
  fromMs: number,
): Map<string, number[]> {
  const times = new Map<string, number[]>()
  const add = (id: string, atMs: number): void => {
    if (atMs >= fromMs) times.set(id, [...(times.get(id) ?? []), atMs])
  }
  const hourBeginsMs = hour
    ? Date.parse(hour.endsAt) - hour.totalMb.length * hour.stepMs
    : Number.POSITIVE_INFINITY
  if (week) {
    const endsAtMs = Date.parse(week.endsAt)
    for (const { id, steps } of week.active)
      for (const step of steps) {
        const atMs = endsAtMs - (step + 0.5) * week.stepMs
        if (atMs < hourBeginsMs) add(id, atMs)
      }
  }
  if (hour)
    for (const { id, calls } of hour.instances)
      calls?.forEach((count, at) => {
        if (count) add(id, Date.parse(hour.endsAt) - (calls.length - at - 0.5) * hour.stepMs)
      })
  return times
}
