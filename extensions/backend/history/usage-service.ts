// What instances used over time, as the surfaces use it.
import type { Usage, UsageWeek } from '#contract/usage'

export interface UsageService {
  /** Returns the last hour; `id`: of that instance alone; null: of all. */
  lastHour(id: string | null): Usage
  lastWeek(): UsageWeek
}
