// The clocks of the scans: a quick scan every second, a full round every 5 s while a page is visible and every 15 s otherwise, and at
// once when a Serena started, exited or stopped, or its client exited.
import type { InstanceList } from '#contract/instance'
import type { ProcessSource } from '../os/process-facts.ts'
import type { Instances } from './instances.ts'
import { createLateness } from './lateness.ts'
import { needsRound } from './needs-round.ts'

/** `probesAtRest`: also between rounds. */
const VISIBLE = { tickMs: 1_000, roundMs: 5_000, probesAtRest: true }
const HIDDEN = { tickMs: 2_000, roundMs: 15_000, probesAtRest: false }
const MIN_TICK_MS = 50

export interface SchedulerDeps {
  instances: Pick<Instances, 'round' | 'tracks' | 'probe' | 'isKnown' | 'forgetMisses'>
  source: Pick<ProcessSource, 'quickScan'>
  isSerenaLike: (argv: readonly string[]) => boolean
  clock: { wall: () => number; monotonic: () => number }
  onFault: (error: unknown) => void
}

export interface Scheduler {
  start(): void
  setVisible(isVisible: boolean): void
  /** A round that began after this call, with the answers of the dashboards. */
  sweepNow(): Promise<InstanceList>
  /** The same without waiting for the dashboards: those that hang would delay it. */
  scanNow(): Promise<InstanceList>
  stop(): void
}

/** Ticks from `start` to `stop`; a failed tick is reported and does not stop the next one. */
export function createScheduler({
  instances,
  source,
  isSerenaLike,
  clock,
  onFault,
}: SchedulerDeps): Scheduler {
  let pace = HIDDEN
  let timer: ReturnType<typeof setTimeout> | null = null
  let isRunning = false
  let lastRoundMs = Number.NEGATIVE_INFINITY
  const lateness = createLateness(clock)

  const round = oneAtATime((options: RoundOptions) => {
    lastRoundMs = clock.monotonic()
    return instances.round(options)
  })

  async function tick(): Promise<void> {
    if (lateness.take(pace.tickMs)) instances.forgetMisses()
    const tracks = instances.tracks()
    const scan = await source.quickScan(new Set(tracks.map(({ serena }) => serena.process.pid)))
    const moved = new Set(
      tracks.filter((track) => track.takeMovement(scan.watched.get(track.serena.process.pid)?.cpuMs ?? null)),
    )
    const isDue = clock.monotonic() - lastRoundMs >= pace.roundMs
    const rules = { isKnown: instances.isKnown, isSerenaLike, nowMs: clock.wall() }
    if (isDue || needsRound({ tracks, scan, moved }, rules)) await round({ isPatient: false, mayKeep: true })
    for (const track of instances.tracks())
      if (pace.probesAtRest || moved.has(track) || track.dashboard.responsive() === null)
        void instances.probe(track, moved.has(track)).catch(onFault)
  }

  function schedule(): void {
    if (!isRunning) return
    // A first sign is confirmed as soon as that is due, not at the tick after.
    const waits = instances.tracks().flatMap((track) => track.confirmsInMs() ?? [])
    const afterMs = Math.max(MIN_TICK_MS, Math.min(pace.tickMs, ...waits))
    timer = setTimeout(() => void tick().catch(onFault).finally(schedule), afterMs)
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      round({ isPatient: false }).catch(onFault).finally(schedule)
    },
    setVisible(isVisible) {
      const wasHidden = pace === HIDDEN
      pace = isVisible ? VISIBLE : HIDDEN
      if (isVisible && wasHidden && isRunning) round({ isPatient: false }).catch(onFault)
    },
    sweepNow: () => round({ isPatient: true }),
    scanNow: () => round({ isPatient: false }),
    stop() {
      isRunning = false
      if (timer) clearTimeout(timer)
    },
  }
}

type RoundOptions = Parameters<Instances['round']>[0]

/** A requested run begins after the running one, even if that fails. */
function oneAtATime<Options, Result>(
  run: (options: Options) => Promise<Result>,
): (options: Options) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (options) => {
    const next = last.then(() => run(options))
    last = next.catch(() => undefined) // The caller of `next` gets the error.
    return next
  }
}
