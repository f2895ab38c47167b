// Where a forced ending writes down what it is about to stop.
import type { ProcessFact } from '../facts.ts'

export interface StopJournal {
  /** Written before any of them is stopped, each time with all of them. */
  write(stopped: readonly ProcessFact[]): void
  /** None of them is stopped any more. */
  remove(): void
}
