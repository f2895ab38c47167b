// Whether a process may be the one that was running at an earlier time. Pure.
import { isDefunct } from './defunct.ts'
import type { ProcessFact } from './process-facts.ts'

/** The start of a process and a time from a file come from two clocks. */
const CLOCKS_MS = 2_000

/** Returns false if the process is defunct, or started after `atMs` (epoch ms): its pid then belonged to another process. */
export const mayHaveRunAt = (fact: Pick<ProcessFact, 'runState' | 'startedAtMs'>, atMs: number): boolean =>
  !isDefunct(fact) && fact.startedAtMs <= atMs + CLOCKS_MS
