// Which instances have just started: those that were not there when we began, and are not only a launcher yet.
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { Track } from './track.ts'

export interface NewInstances {
  /** Takes the tracks of a round and returns those that are new in it. */
  take<One extends Pick<Track, 'serena'>>(tracks: readonly One[]): One[]
}

/**
 * Remembers which were seen. `sinceMs`: when we began ourselves, by the clock of the process list (it may differ from the wall clock by
 * a second); null: not known yet.
 */
export function createNewInstances(sinceMs: () => number | null): NewInstances {
  let seen: ReadonlySet<ProcessIdentity> = new Set()
  return {
    take(tracks) {
      const running = tracks.filter(({ serena }) => !serena.isLauncherOnly)
      const before = seen
      const since = sinceMs()
      seen = new Set(running.map(({ serena }) => serena.process.identity))
      return running.filter(
        ({ serena: { process } }) =>
          !before.has(process.identity) && since !== null && process.startedAtMs >= since,
      )
    },
  }
}
