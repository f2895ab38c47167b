// The tracks of all Serena processes, by identity.
import type { ProcessIdentity } from '../os/process-identity.ts'
import { instanceId } from '../serena/instance-id.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { RoundTime, Track } from './track.ts'

export interface Tracks {
  all(): Track[]
  of(identity: ProcessIdentity): Track | null
  /** By the id of the instance. */
  find(id: string): Track | null
  /** Takes a round: those that are not found have ended. */
  renew(serenas: readonly SerenaProcess[], round: RoundTime): Promise<void>
  close(): void
}

/** Creates an empty collection of tracks. `onEnded` is called before the track of an exited process is closed. */
export function createTracks(
  start: (serena: SerenaProcess) => Track,
  onEnded: (track: Track) => void,
): Tracks {
  const tracks = new Map<ProcessIdentity, Track>()

  function removeEnded(serenas: readonly SerenaProcess[]): void {
    const alive = new Set(serenas.map(({ process }) => process.identity))
    for (const [identity, track] of tracks) {
      if (alive.has(identity)) continue
      tracks.delete(identity)
      onEnded(track)
      track.close()
    }
  }

  return {
    all: () => [...tracks.values()],
    of: (identity) => tracks.get(identity) ?? null,
    find(id) {
      for (const track of tracks.values()) if (idOf(track) === id) return track
      return null
    },
    async renew(serenas, round) {
      removeEnded(serenas)
      for (const serena of serenas) {
        const { identity } = serena.process
        const track = tracks.get(identity) ?? start(serena)
        tracks.set(identity, track)
        await track.renew(serena, round)
      }
    },
    close() {
      for (const track of tracks.values()) track.close()
    },
  }
}

/** Returns the id of the instance that a track is of. */
export const idOf = ({ serena: { process } }: Pick<Track, 'serena'>): string =>
  instanceId(process.identity, process.pid)
