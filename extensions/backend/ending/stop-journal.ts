// Where a forced ending records what it is about to stop.
import type { ProcessFact } from '../os/process-facts.ts'

export interface StopJournal {
  /** Written before any of them is stopped, each time with all of them. */
  write(stopped: readonly ProcessFact[]): void
  /** None of them is stopped any longer. */
  remove(): void
}
