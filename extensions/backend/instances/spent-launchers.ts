// Launchers whose Serena has exited: they are about to exit too and are no instances, as the ones that have not started it yet are.
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'

/** `wrap` waits for its records and for a slow client; one that stays longer is shown again. */
const EXIT_MS = 30_000

export interface SpentLaunchers {
  /** Takes what a scan found, and returns it without the launchers whose Serena has just exited. */
  without(found: readonly SerenaProcess[], nowMs: number): readonly SerenaProcess[]
}

/** Remembers the launchers of running Serenas, and when each was seen with it last. */
export function createSpentLaunchers(): SpentLaunchers {
  const usedAtMs = new Map<ProcessIdentity, number>()
  return {
    without(found, nowMs) {
      for (const [identity, atMs] of usedAtMs) if (nowMs - atMs > EXIT_MS) usedAtMs.delete(identity)
      for (const { isLauncherOnly, wrappers } of found)
        if (!isLauncherOnly) for (const { identity } of wrappers) usedAtMs.set(identity, nowMs)
      return found.filter(({ isLauncherOnly, process }) => !isLauncherOnly || !usedAtMs.has(process.identity))
    },
  }
}
