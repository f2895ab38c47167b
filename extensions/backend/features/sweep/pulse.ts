// The clocks of the sweep: a cheap look every second, a full round every 5 s while somebody looks and every 15 s otherwise,
// and at once when a Serena came, went or stopped, or its client ended.
import type { InstanceList } from '#contract/instance'
import type { Glance, ProcessSource } from '../../facts.ts'
import type { Sweep } from './sweep.ts'
import type { Track } from './tracks.ts'

const VISIBLE = { tickMs: 1_000, roundMs: 5_000 }
const HIDDEN = { tickMs: 2_000, roundMs: 15_000 }
const MIN_TICK_MS = 50
/** A tick later than this means that the machine slept or our loop was held up: misses of that time prove nothing. */
const LATE_MS = 5_000

/** A Serena opens its dashboard 1 to 2 s after its start, on a busy machine later. */
const SETTLING_MS = 30_000

export interface PulseDeps {
  sweep: Sweep
  source: Pick<ProcessSource, 'glance'>
  isSerenaLike: (argv: readonly string[]) => boolean
  clock: { wall: () => number; monotonic: () => number }
  onFault: (error: unknown) => void
}

export interface Pulse {
  start(): void
  setVisible(isVisible: boolean): void
  /** A round that began after this call, with the dashboards' answers. */
  sweepNow(): Promise<InstanceList>
  /** The same without waiting for the dashboards: those that hang would hold it up. */
  lookNow(): Promise<InstanceList>
  stop(): void
}

/** Beats from `start` to `stop`; a beat that fails is reported and the next one comes all the same. */
export function createPulse({ sweep, source, isSerenaLike, clock, onFault }: PulseDeps): Pulse {
  let pace = HIDDEN
  let timer: ReturnType<typeof setTimeout> | null = null
  let isRunning = false
  let lastRoundMs = Number.NEGATIVE_INFINITY
  let expected: { wallMs: number; monotonicMs: number } | null = null
  let rounds: Promise<unknown> = Promise.resolve()

  /** Rounds stand in line: one that is asked for begins after the one that runs. */
  function round(isPatient: boolean): Promise<InstanceList> {
    const next = rounds.then(() => {
      lastRoundMs = clock.monotonic()
      return sweep.round({ isPatient })
    })
    rounds = next.catch(() => undefined) // the caller of `next` hears of it; the line goes on
    return next
  }

  async function beat(): Promise<void> {
    if (wasAsleep()) sweep.forgetMisses()
    const tracks = sweep.tracks()
    const glance = await source.glance(new Set(tracks.map(({ serena }) => serena.process.pid)))
    const moved = new Set(
      tracks.filter((track) =>
        track.takeMovement(glance.watched.get(track.serena.process.pid)?.cpuMs ?? null),
      ),
    )
    const isDue = clock.monotonic() - lastRoundMs >= pace.roundMs
    if (isDue || hasNews(tracks, glance) || [...moved].some(isSettling)) await round(false)
    for (const track of sweep.tracks()) void sweep.probe(track, moved.has(track)).catch(onFault)
  }

  /** Just started and at work: its port opens any moment. */
  function isSettling({ serena, watch }: Track): boolean {
    return !watch?.knowledge()?.hasAnswered && clock.wall() - serena.process.startedAtMs < SETTLING_MS
  }

  function hasNews(tracks: readonly Track[], glance: Glance): boolean {
    const hasArrival = glance.young.some(
      ({ identity, argv, serenaLog }) =>
        !sweep.knows(identity) && (serenaLog !== undefined || (argv !== null && isSerenaLike(argv))),
    )
    return hasArrival || tracks.some((track) => hasChanged(track, glance) || track.isClientDue(glance.pids))
  }

  function hasChanged({ serena: { process } }: Track, { pids, watched }: Glance): boolean {
    const seen = watched.get(process.pid)
    if (!seen) return pids !== null && !pids.has(process.pid)
    return seen.identity !== process.identity || isStopped(seen.runState) !== isStopped(process.runState)
  }

  function wasAsleep(): boolean {
    const now = { wallMs: clock.wall(), monotonicMs: clock.monotonic() }
    const isLate =
      expected !== null &&
      (now.wallMs - expected.wallMs > LATE_MS || now.monotonicMs - expected.monotonicMs > LATE_MS)
    expected = { wallMs: now.wallMs + pace.tickMs, monotonicMs: now.monotonicMs + pace.tickMs }
    return isLate
  }

  function schedule(): void {
    if (!isRunning) return
    // A first look is confirmed as soon as that is due, not at the tick after.
    const waits = sweep.tracks().flatMap((track) => track.confirmsInMs() ?? [])
    timer = setTimeout(
      () => {
        beat().catch(onFault).finally(schedule)
      },
      Math.max(MIN_TICK_MS, Math.min(pace.tickMs, ...waits)),
    )
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      round(false).catch(onFault).finally(schedule)
    },
    setVisible(isVisible) {
      const wasHidden = pace === HIDDEN
      pace = isVisible ? VISIBLE : HIDDEN
      if (isVisible && wasHidden && isRunning) round(false).catch(onFault)
    },
    sweepNow: () => round(true),
    lookNow: () => round(false),
    stop() {
      isRunning = false
      if (timer) clearTimeout(timer)
    },
  }
}

const isStopped = (runState: string | null): boolean =>
  runState === 'T' || runState === 't' || runState === 'Z'
