// Whether native calls and `ps` report the same processes. Done once, for the first list: a disagreement is a notice, and means that one of
// the two is misread. Pure.
import type { ProcessFact } from '../process-facts.ts'

export type Processes = ReadonlyMap<number, ProcessFact>

/** Returns a sentence about the first disagreement; null: none. `before` and `after`: native lists around the run of `ps`. */
export function compareWithPs(before: Processes, ps: Processes, after: Processes): string | null {
  for (const [pid, fact] of before) {
    const other = ps.get(pid)
    // Only what did not change while `ps` ran can be compared.
    if (!other || !isSame(fact, after.get(pid))) continue
    const difference = differenceOf(fact, other)
    if (difference) return sentence(pid, fact.name, difference)
  }
  for (const [pid, { name }] of ps)
    if (!before.has(pid) && after.has(pid) && isOlder(after.get(pid), before))
      return sentence(pid, name, 'it is missing in the list of native calls')
  return null
}

const isSame = (one: ProcessFact, other: ProcessFact | undefined): boolean =>
  other?.identity === one.identity &&
  other.ppid === one.ppid &&
  other.uid === one.uid &&
  other.runState === one.runState

function differenceOf(native: ProcessFact, ps: ProcessFact): string | null {
  if (native.ppid !== ps.ppid) return `parent ${native.ppid}, in ps ${ps.ppid}`
  if (native.uid !== ps.uid) return `user ${native.uid ?? '?'}, in ps ${ps.uid ?? '?'}`
  if (seconds(native) !== seconds(ps)) return `start ${timeOf(native)}, in ps ${timeOf(ps)}`
  if (isStopped(native) !== isStopped(ps))
    return `state ${native.runState ?? '?'}, in ps ${ps.runState ?? '?'}`
  return null
}

/** It ran before the first of the two native lists was read. */
const isOlder = (fact: ProcessFact | undefined, before: Processes): boolean =>
  fact !== undefined && [...before.values()].some(({ startedAtMs }) => startedAtMs > fact.startedAtMs)

const seconds = ({ startedAtMs }: ProcessFact): number => Math.floor(startedAtMs / 1000)
const timeOf = (fact: ProcessFact): string => new Date(seconds(fact) * 1000).toISOString()
const isStopped = ({ runState }: ProcessFact): boolean => runState === 'T'

const sentence = (pid: number, name: string, difference: string): string =>
  `Native calls and ps disagree about process ${pid} (${name}): ${difference}. Please report this.`
