// The launchers of an instance, in its tree. Pure.
import type { ProcessFact } from './process-facts.ts'

/** Returns the processes of the tree above that process, the nearest first. */
export function launchersAbove(process: ProcessFact, tree: readonly ProcessFact[]): readonly ProcessFact[] {
  const launchers: ProcessFact[] = []
  const find = (pid: number): ProcessFact | undefined =>
    tree.find((one) => one.pid === pid && one.pid !== process.pid && !launchers.includes(one))
  for (let at = find(process.ppid); at; at = find(at.ppid)) launchers.push(at)
  return launchers
}
