// Opens the page for instances that start, by the rules of their home and of our own settings.
import { createNewInstances } from '../instances/new-instances.ts'
import type { Track } from '../instances/track.ts'
import { idOf } from '../instances/tracks.ts'
import { createOpenOnce, type OpeningRules, type OpenOnce } from '../opening/open-once.ts'
import { createSettingsReader } from '../serena/read-settings.ts'
import type { OwnSettingsStore } from '../settings/own-settings.ts'
import type { DeckParts, OwnPage } from './deck-base.ts'

/** For this long after an instance was first seen, its registration still counts for opening the page. */
const DECIDE_MS = 10_000

export interface OpeningParts {
  opener: OpenOnce
  /** Opens the page for an instance if requested; true: it is requested, even if a page is already open. */
  openFor(track: Track, opensViewer: boolean | null): boolean
  /** Determines the time from which instances count as new. */
  learnStart(): Promise<void>
}

const NO_PAGE: OwnPage = { isConnected: () => true, open: () => Promise.resolve() }

/** Creates the opening of one deck's page. */
export function createOpeningParts(
  parts: DeckParts,
  settings: Pick<OwnSettingsStore, 'current'>,
  page: OwnPage = NO_PAGE,
): OpeningParts {
  const { clock, onFault } = parts
  const rulesOf = createRules(parts, settings)
  const opener = createOpenOnce({
    isPageConnected: page.isConnected,
    open: page.open,
    nowMs: clock.monotonic,
    onFault,
  })
  const openFor = (track: Track, opensViewer: boolean | null): boolean =>
    opener.instanceStarted({ instanceId: idOf(track), rules: rulesOf(track), opensViewer })
  let beganMs: number | null = null
  openForNew(
    parts,
    () => beganMs,
    (track) => openFor(track, null),
  )

  return {
    opener,
    openFor,
    // The instance that caused our start counts as new, with those that started beside it: `wrap` passes the time.
    async learnStart() {
      const { byPid } = await parts.source.list()
      const ownStartMs = byPid.get(process.pid)?.startedAtMs ?? clock.wall()
      const passedMs = Number(parts.env['SERENA_DECK_NEW_SINCE'] ?? Number.NaN)
      beganMs = passedMs < ownStartMs ? passedMs : ownStartMs
    },
  }
}

/** A registration, with its flags, may come a moment after its instance was seen: until then the instance stays undecided. */
function openForNew(
  { instances, clock }: DeckParts,
  sinceMs: () => number | null,
  open: (track: Track) => boolean,
): void {
  const newInstances = createNewInstances(sinceMs)
  /** Identity -> until when. */
  const undecided = new Map<string, number>()
  instances.subscribe(() => {
    const now = clock.monotonic()
    for (const { serena } of newInstances.take(instances.tracks()))
      undecided.set(serena.process.identity, now + DECIDE_MS)
    for (const [identity, untilMs] of undecided) {
      const track = instances.tracks().find(({ serena }) => serena.process.identity === identity)
      if (!track || now > untilMs || open(track)) undecided.delete(identity)
    }
  })
}

/** A flag of `wrap` overrides the settings of the home, and those override our own. */
function createRules(
  { instances }: DeckParts,
  settings: Pick<OwnSettingsStore, 'current'>,
): (track: Track) => OpeningRules {
  const homes = createSettingsReader()
  return ({ home: { serenaHome }, serena }) => {
    const home = serenaHome === null ? null : homes.read(serenaHome)
    const { identity } = serena.process
    const flags = instances
      .registry()
      .joined.find((one) => one.serena?.process.identity === identity && one.entry.flags)?.entry.flags
    return {
      isGlobal: flags?.isGlobal ?? home?.webDashboardGlobal ?? false,
      opens: flags?.opensOnLaunch ?? home?.webDashboardGlobalOpenOnLaunch ?? settings.current().openOnLaunch,
    }
  }
}
