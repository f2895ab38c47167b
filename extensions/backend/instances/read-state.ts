// Whether what was read of a process may be used again. Its details and sockets cost most of a round, and rarely change while its
// dashboard answers.
import type { ProcessFact } from '../os/process-facts.ts'

const KEPT_MS = 60_000
/** A younger process is still opening its log and its ports. */
const SETTLED_AGE_MS = 60_000

type Read = Pick<ProcessFact, 'identity' | 'name' | 'argv' | 'runState'>

export interface ReadState {
  /** True: the last reading is reused. `isResponsive`: its dashboard answered the last probe. */
  isFresh(process: Read, ageMs: number, isResponsive: boolean): boolean
  noteRead(process: Read): void
}

/** Creates the state before the first reading; `now` is monotonic milliseconds. */
export function createReadState(now: () => number): ReadState {
  let last: { process: Read; atMs: number } | null = null
  return {
    isFresh: (process, ageMs, isResponsive) =>
      last !== null &&
      isResponsive &&
      ageMs >= SETTLED_AGE_MS &&
      now() - last.atMs < KEPT_MS &&
      isUnchanged(last.process, process),
    noteRead(process) {
      last = { process, atMs: now() }
    },
  }
}

/** The same program (an exec changes that), neither stopped nor continued since. */
const isUnchanged = (before: Read, now: Read): boolean =>
  before.identity === now.identity &&
  before.name === now.name &&
  before.argv?.join('\0') === now.argv?.join('\0') &&
  isStopped(before) === isStopped(now)

const isStopped = ({ runState }: Read): boolean => runState === 'T' || runState === 't'
