// The deck's push receiver and the opening of the page, wired.
import type { DeckParts } from './deck.ts'
import { createOpenOnce, type OpeningRules, type OpenOnce } from './features/opening/open-once.ts'
import { createPush, type Push } from './features/push/push.ts'
import type { OwnSettingsStore } from './features/settings/own-settings.ts'
import { createArrivals } from './features/sweep/arrivals.ts'
import { instanceId } from './features/sweep/present.ts'
import type { Track } from './features/sweep/tracks.ts'
import { createSettingsReader } from './lib/read-settings.ts'
import { shared } from './lib/shared-look.ts'

/** Where every Serena looks for its tray manager. */
const TRAY_PORT = 24_224

/** So long after an instance was first seen what it registers still counts for opening the page. */
const DECIDE_MS = 10_000

/** Our own page, as far as it can be opened from here. */
export interface OwnPage {
  isConnected: () => boolean
  /** Opens it with that instance's tab. */
  open: (instanceId: string) => Promise<unknown>
}

const NO_PAGE: OwnPage = { isConnected: () => true, open: () => Promise.resolve() }

/** SERENA_DECK_TRAY_PORT moves the receiver, for tests: a stock Serena knows one port only. */
function trayPort(env: NodeJS.ProcessEnv): number {
  const port = Number(env['SERENA_DECK_TRAY_PORT'])
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : TRAY_PORT
}

/** The push of one deck. */
export function createPushParts(
  { sweep, pulse, source, clock, env, onFault }: DeckParts,
  settings: Pick<OwnSettingsStore, 'current'>,
  page: OwnPage = NO_PAGE,
): { push: Push; opener: OpenOnce } {
  const homes = createSettingsReader()
  const opener = createOpenOnce({
    isPageConnected: page.isConnected,
    open: page.open,
    nowMs: clock.monotonic,
    onFault,
  })
  let beganMs: number | null = null
  const arrivals = createArrivals(() => beganMs)
  /** Those that came and are not to be opened, so far: its registration, with its flags, may come a moment later. */
  const undecided = new Map<string, number>()
  const find = (is: (track: Track) => boolean): Track | null => sweep.tracks().find(is) ?? null
  const byIdentity = (identity: string) => find(({ serena }) => serena.process.identity === identity)
  const owns = (track: Track, port: number): boolean =>
    track.listeners?.some((one) => one.port === port && one.unreachable === undefined) ?? false

  /** A flag of `wrap` beats the home's file, that beats our own setting. */
  function rulesOf({ serenaHome, serena }: Track): OpeningRules {
    const home = serenaHome === null ? null : homes.read(serenaHome)
    const { identity } = serena.process
    const flags = sweep
      .registry()
      .joined.find((one) => one.serena?.process.identity === identity && one.entry.flags)?.entry.flags
    return {
      isGlobal: flags?.isGlobal ?? home?.webDashboardGlobal ?? false,
      opens: flags?.opensOnLaunch ?? home?.webDashboardGlobalOpenOnLaunch ?? settings.current().openOnLaunch,
    }
  }

  /** True: it was wanted, whether a page is open already or not. */
  function arrived(track: Track, opensViewer: boolean | null): boolean {
    const { identity, pid } = track.serena.process
    return opener.arrived({ instanceId: instanceId(identity, pid), rules: rulesOf(track), opensViewer })
  }

  const push = createPush({
    port: trayPort(env),
    isWanted: () =>
      settings.current().receivePush ??
      sweep.current().serenaHomes.some((home) => homes.read(home).webDashboardGlobal === true),
    look: shared(() => pulse.lookNow()),
    identityOf(pid, port) {
      const track = find((one) => one.serena.process.pid === pid && owns(one, port))
      return track?.serena.process.identity ?? null
    },
    ownersOf: (port) =>
      sweep
        .tracks()
        .filter((one) => owns(one, port))
        .map(({ serena }) => serena.process.identity),
    lives: (identity) => byIdentity(identity) !== null,
    async ask(identity) {
      const track = byIdentity(identity)
      sweep.announce()
      if (track) await sweep.probe(track, true, true)
    },
    onRegistered(identity, opensViewer) {
      const track = byIdentity(identity)
      if (track) arrived(track, opensViewer)
    },
    onFault,
  })
  sweep.subscribe(() => {
    const now = clock.monotonic()
    for (const { serena } of arrivals.take(sweep.tracks()))
      undecided.set(serena.process.identity, now + DECIDE_MS)
    for (const [identity, untilMs] of undecided) {
      const track = byIdentity(identity)
      if (!track || now > untilMs || arrived(track, null)) undecided.delete(identity)
    }
  })
  /** Who has us started counts as new, with those beside it: a \`wrap\` tells from when on. */
  async function learnStart(): Promise<void> {
    const ownStartMs = (await source.list()).byPid.get(process.pid)?.startedAtMs ?? clock.wall()
    const toldMs = Number(env['SERENA_DECK_ARRIVALS_SINCE'] ?? Number.NaN)
    beganMs = toldMs < ownStartMs ? toldMs : ownStartMs
  }

  return {
    opener,
    push: {
      ...push,
      start() {
        learnStart().catch(onFault)
        push.start()
      },
    },
  }
}
