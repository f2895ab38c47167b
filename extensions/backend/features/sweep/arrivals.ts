// Which instances have just started: those that were not there when we began to look, and are not only a launcher yet.
import type { ProcessIdentity } from '../../facts.ts'
import type { Track } from './tracks.ts'

export interface Arrivals {
  /** Takes the tracks of a look and answers those that are new in it. */
  take<One extends Pick<Track, 'serena'>>(tracks: readonly One[]): One[]
}

/**
 * Remembers who was seen. `sinceMs`: when we began ourselves, by the clock of the process list (it may be a second off the wall's);
 * null: not known yet.
 */
export function createArrivals(sinceMs: () => number | null): Arrivals {
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
