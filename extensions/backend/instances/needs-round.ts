// Whether a quick scan is a reason for a full round. Pure.
import type { QuickScan } from '../os/process-facts.ts'
import type { Instances } from './instances.ts'
import type { Track } from './track.ts'

/** A Serena opens its dashboard 1 to 2 s after its start, on a busy machine later. */
const SETTLING_MS = 30_000

export interface Sighting {
  tracks: readonly Track[]
  scan: QuickScan
  /** Those whose log or CPU time moved. */
  moved: ReadonlySet<Track>
}

export interface RoundRules extends Pick<Instances, 'isKnown'> {
  isSerenaLike: (argv: readonly string[]) => boolean
  /** Of the wall clock. */
  nowMs: number
}

/** Returns true if a Serena started, exited or stopped, its client exited, or its dashboard is about to open or missed a probe. */
export function needsRound(
  { tracks, scan, moved }: Sighting,
  { isKnown, isSerenaLike, nowMs }: RoundRules,
): boolean {
  const hasNew = scan.young.some(
    ({ identity, argv, serenaLog }) =>
      !isKnown(identity) && (serenaLog !== undefined || (argv !== null && isSerenaLike(argv))),
  )
  return (
    hasNew ||
    tracks.some((track) => hasChanged(track, scan) || track.isClientDue(scan.pids) || isOutdated(track)) ||
    [...moved].some((track) => isSettling(track, nowMs))
  )
}

/** Its dashboard missed a probe while its facts are those of an earlier round. */
const isOutdated = ({ isKept, dashboard }: Track): boolean => isKept && dashboard.responsive() === null

/** Just started and at work: its port opens at any moment. */
const isSettling = ({ serena, dashboard }: Track, nowMs: number): boolean =>
  !dashboard.watch()?.knowledge()?.hasAnswered && nowMs - serena.process.startedAtMs < SETTLING_MS

function hasChanged({ serena: { process } }: Track, { pids, watched }: QuickScan): boolean {
  const seen = watched.get(process.pid)
  if (!seen) return pids !== null && !pids.has(process.pid)
  return seen.identity !== process.identity || isStopped(seen.runState) !== isStopped(process.runState)
}

const isStopped = (runState: string | null): boolean =>
  runState === 'T' || runState === 't' || runState === 'Z'
