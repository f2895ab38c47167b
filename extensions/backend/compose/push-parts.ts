// The deck's push receiver: messages that Serenas send on their own.
import type { Track } from '../instances/track.ts'
import { coalesce } from '../lib/coalesce.ts'
import { createPush, type Push } from '../push/push.ts'
import { createSettingsReader } from '../serena/read-settings.ts'
import type { OwnSettingsStore } from '../settings/own-settings.ts'
import type { DeckParts } from './deck-base.ts'
import type { OpeningParts } from './opening-parts.ts'

/** The port on which every Serena expects its tray manager. */
const TRAY_PORT = 24_224

/** SERENA_DECK_TRAY_PORT moves the receiver, for tests: an unmodified Serena uses only one port. */
function trayPort(env: NodeJS.ProcessEnv): number {
  const port = Number(env['SERENA_DECK_TRAY_PORT'])
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : TRAY_PORT
}

const owns = ({ dashboard }: Track, port: number): boolean =>
  dashboard.listeners()?.some((one) => one.port === port && one.unreachable === undefined) ?? false

/** Creates the push of one deck. */
export function createPushParts(
  { instances, scheduler, env, onFault }: DeckParts,
  settings: Pick<OwnSettingsStore, 'current'>,
  { openFor, learnStart }: OpeningParts,
): Push {
  const homes = createSettingsReader()
  const find = (identity: string): Track | null =>
    instances.tracks().find(({ serena }) => serena.process.identity === identity) ?? null
  const push = createPush({
    port: trayPort(env),
    isWanted: () =>
      settings.current().receivePush ??
      instances.current().serenaHomes.some((home) => homes.read(home).webDashboardGlobal === true),
    scan: coalesce(() => scheduler.scanNow()),
    identityOf(pid, port) {
      const track = instances.tracks().find((one) => one.serena.process.pid === pid && owns(one, port))
      return track?.serena.process.identity ?? null
    },
    ownersOf: (port) =>
      instances
        .tracks()
        .filter((one) => owns(one, port))
        .map(({ serena }) => serena.process.identity),
    isRunning: (identity) => find(identity) !== null,
    async probe(identity) {
      const track = find(identity)
      instances.refresh()
      if (track) await instances.probe(track, true, true)
    },
    onRegistered(identity, opensViewer) {
      const track = find(identity)
      if (track) openFor(track, opensViewer)
    },
    onFault,
  })
  return {
    ...push,
    start() {
      learnStart().catch(onFault)
      push.start()
    },
  }
}
