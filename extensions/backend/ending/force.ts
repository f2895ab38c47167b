// The last rung of the ending ladder: SIGSTOP, list again until nothing new appears, SIGKILL. A stopped process cannot start another one.
import type { HeldProcess } from '../os/held-process.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { StopJournal } from './stop-journal.ts'
import { type Clock, RELIST_MS, type TrackedTree } from './tracked-tree.ts'

const FORCED_MS = 3_000
const MAX_STOP_ROUNDS = 20

/** Returns all processes that were sent SIGKILL. No process is left stopped, even after an error. */
export async function forceAll(
  tracked: TrackedTree,
  clock: Clock,
  journal: StopJournal,
): Promise<ReadonlySet<ProcessIdentity>> {
  const stopped = new Map<ProcessIdentity, HeldProcess>()
  try {
    await stopAll(tracked, stopped, journal)
    return await killAll(tracked, clock)
  } catch (error) {
    for (const held of stopped.values()) await held.signal('SIGKILL')
    throw error
  } finally {
    // Processes that are not in the tree by the last list, or could not be killed, are resumed.
    for (const held of stopped.values()) await held.signal('SIGCONT')
    journal.remove()
  }
}

/** Adds to `stopped` before each SIGSTOP, so that none is missed after a failure midway. */
async function stopAll(
  tracked: TrackedTree,
  stopped: Map<ProcessIdentity, HeldProcess>,
  journal: StopJournal,
): Promise<void> {
  for (let round = 0; round < MAX_STOP_ROUNDS; round++) {
    const running = (await tracked.refresh()).filter(({ identity }) => !stopped.has(identity))
    if (running.length === 0) return
    journal.write([...[...stopped.values()].map(({ fact }) => fact), ...running])
    for (const fact of running) {
      const held = tracked.hold(fact)
      stopped.set(fact.identity, held)
      await held.signal('SIGSTOP')
    }
  }
}

async function killAll(tracked: TrackedTree, clock: Clock): Promise<ReadonlySet<ProcessIdentity>> {
  const killed = new Set<ProcessIdentity>()
  const deadline = clock.now() + FORCED_MS
  do {
    // Children first: a process group whose last parent exits while others of it are stopped gets SIGHUP, and the user's own
    // programs may be in that group.
    for (const fact of [...tracked.living()].reverse()) {
      killed.add(fact.identity)
      await tracked.hold(fact).signal('SIGKILL')
    }
    await tracked.waitUntil(() => tracked.isEmpty(), RELIST_MS)
  } while ((await tracked.refresh()).length > 0 && clock.now() < deadline)
  return killed
}
