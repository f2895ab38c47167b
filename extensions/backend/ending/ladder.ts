// The one ending ladder: graceful rungs in order, each with its own time; then the whole tree is stopped, listed again and killed.
// `kill`, `stop`, `wrap` and unfinished endings use it. The exception is os/end-own-process.ts: our own backend is one process that
// is never forced.
import type { EndingWay } from '#contract/ending'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { forceAll } from './force.ts'
import type { StopJournal } from './stop-journal.ts'
import type { Clock, TrackedTree } from './tracked-tree.ts'

/** The time for processes that exit with their Serena (parent-death signal, launchers). */
const AFTERMATH_MS = 1_000

/** A graceful step. */
export interface Rung {
  way: Exclude<EndingWay, 'force' | 'entry-removed'>
  start(): Promise<void> | void
  /** True once it is known to have no effect: the ladder then stops waiting for it. */
  hasFailed?(): boolean
  waitMs: number
}

export interface Ladder {
  /** Empty: nothing but force. */
  rungs: readonly Rung[]
  /** True when the target processes have exited, even if others of the tree are running. */
  isOver(): Promise<boolean>
  /** Opens the journal of the stopped processes; `isStubborn`: the target processes did not exit. Null: force is never used. */
  force: ((isStubborn: boolean) => StopJournal | Promise<StopJournal>) | null
}

export interface Climbed {
  /** The rung after which it was over; `before`: it was over at the start; null: no graceful rung was enough. */
  way: Rung['way'] | 'before' | null
  /** All processes that were sent SIGKILL. */
  killed: ReadonlySet<ProcessIdentity>
}

/** Ends a tree. The caller verifies what is still running afterwards. */
export async function climbLadder(tracked: TrackedTree, clock: Clock, ladder: Ladder): Promise<Climbed> {
  const way = await climbRungs(tracked, ladder)
  if (way === 'before') await tracked.refresh()
  const isNeeded = way === null || tracked.living().length > 0
  if (ladder.force === null || !isNeeded) return { way, killed: new Set() }
  return { way, killed: await forceAll(tracked, clock, await ladder.force(way === null)) }
}

async function climbRungs(tracked: TrackedTree, { rungs, isOver }: Ladder): Promise<Climbed['way']> {
  if (await isOver()) return 'before'
  for (const rung of rungs) {
    await rung.start()
    await tracked.waitUntil(async () => rung.hasFailed?.() === true || (await isOver()), rung.waitMs)
    if (!(await isOver())) continue
    await tracked.waitUntil(
      async () => (await tracked.isEmpty()) && (await tracked.refresh()).length === 0,
      AFTERMATH_MS,
    )
    return rung.way
  }
  return null
}
