// Processes that have exited and are still in the list. Pure.
import type { ProcessFact } from './process-facts.ts'

/** Returns true for a process that has exited and waits for its parent (Z), or is just being removed (X). */
export const isDefunct = ({ runState }: Pick<ProcessFact, 'runState'>): boolean =>
  runState === 'Z' || runState === 'X'
