// The deck: everything that knows the Serenas of this machine, wired together. Listens on nothing; the surfaces hold it.

import { etagOf, maskSecrets, previewOf, unmaskSecrets } from './features/dashboards/configuration.ts'
import { createDashboards } from './features/dashboards/dashboards.ts'
import { findLogOf, logModifiedAtMs, readLogHead } from './features/dashboards/log-head.ts'
import { createEnding } from './features/ending/ending.ts'
import { createEntryKeeper } from './features/registry/keep-entries.ts'
import { parseOwnEntry } from './features/registry/parse-registry.ts'
import { createViewPublisher } from './features/registry/publish-view.ts'
import { createPublishing } from './features/registry/publishing.ts'
import { createRegistryReader } from './features/registry/read-registry.ts'
import { createRegistryService } from './features/registry/registry-service.ts'
import { createEntryWriter } from './features/registry/write-entry.ts'
import { parseSerenaCommand } from './features/sweep/command-line.ts'
import { createDashboardCalls } from './features/sweep/dashboard-calls.ts'
import { createDashboardChanges } from './features/sweep/dashboard-changes.ts'
import { createPlaces } from './features/sweep/places.ts'
import { entryId, instanceId } from './features/sweep/present.ts'
import { publishedByHome } from './features/sweep/published.ts'
import { createPulse } from './features/sweep/pulse.ts'
import { findSerenas } from './features/sweep/serena-processes.ts'
import { createSweep } from './features/sweep/sweep.ts'
import { judge } from './features/verdict/verdict.ts'
import { holderIsGone, mayLiveOf } from './lib/process-lives.ts'
import { writeBackup } from './os/backups.ts'
import { leadsOutside } from './os/inside-folder.ts'
import { defaultSerenaHome, onlyHomes, stateFolder } from './os/paths.ts'
import { createProcessEnder } from './os/process-ender.ts'
import { createProcessSource } from './os/process-source.ts'
import { removeFileIf } from './os/remove-file.ts'
import { revealFolder } from './os/reveal.ts'
import type {
  DashboardChanges,
  DashboardService,
  EndingService,
  InstanceService,
  PlaceService,
  RegistryService,
} from './services.ts'

export interface Deck {
  instances: InstanceService
  dashboards: DashboardService
  changes: DashboardChanges
  ending: EndingService
  places: PlaceService
  registry: RegistryService
  /** Starts the clocks; without it the deck looks only when asked. */
  start(): void
  /** Our own HTTP port, once known: it is never taken for a dashboard. */
  setOwnPort(port: number): void
  close(): Promise<void>
}

export interface DeckOptions {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Where faults of the clocks are told. */
  onFault?: (error: unknown) => void
}

/** A deck on the Serenas of this machine, or of SERENA_DECK_ONLY_HOMES. */
export function createDeck({ env, platform, onFault = () => undefined }: DeckOptions): Deck {
  const clock = { wall: () => Date.now(), monotonic: () => performance.now() }
  const source = createProcessSource(platform)
  const clients = createDashboards({ now: clock.monotonic })
  const reader = createRegistryReader()
  // Before an ending every hung one is asked once more, all at the same time: nobody waits for the limit of the others.
  const lastLooks = createDashboards({ now: clock.monotonic, inFlight: 64 })
  let ownPort: number | null = null

  const sweep = createSweep({
    source,
    clock,
    findSerenas,
    judge,
    connect: (port) => clients.connect(port),
    logs: { readHead: readLogHead, modifiedAtMs: logModifiedAtMs, find: findLogOf },
    readRegistry: (homes) => reader.read(homes),
    ownPort: () => ownPort,
    ownSerenaHome: defaultSerenaHome(env, platform),
    onlyHomes: onlyHomes(env, platform),
    ownPid: process.pid,
    moreNotices: () => publishing.notices(),
  })
  const pulse = createPulse({
    sweep,
    source,
    clock,
    onFault,
    isSerenaLike: (argv) => parseSerenaCommand(argv) !== null,
  })

  const dashboards = createDashboardCalls({ source, find: sweep.find, onNews: sweep.announce })
  const changes = createDashboardChanges({
    prove: dashboards.prove,
    leadsOutside,
    isGone: async (identity, pid) =>
      (await source.glance(new Set([pid]))).watched.get(pid)?.identity !== identity,
    configuration: { mask: maskSecrets, unmask: unmaskSecrets, etagOf, preview: previewOf },
    backUp: (text) => void writeBackup(stateFolder(env, platform), 'serena_config.yml', text, Date.now()),
  })
  const places = createPlaces({
    find: sweep.find,
    instance: (id) => sweep.current().instances.find((instance) => instance.id === id) ?? null,
    reveal: (folder) => revealFolder(folder, { env, platform }),
  })

  const ending = createEnding({
    current: sweep.current,
    look: pulse.lookNow,
    find(id) {
      const track = sweep.find(id)
      if (!track) return null
      const { serena, details, client, watch } = track
      return { serena, details, client, hasAnswered: watch?.knowledge()?.hasAnswered ?? false }
    },
    findLeft: sweep.findLeft,
    findLeftTree: sweep.findLeftTree,
    findSerenas,
    async ask(id) {
      await (await dashboards.prove(id)).connection.actions.shutdown()
    },
    async answers(id) {
      const port = sweep.find(id)?.watch?.listener.port
      if (port === undefined) return false
      const connection = lastLooks.connect(port)
      try {
        return (await connection.heartbeat()).result === 'answered'
      } finally {
        await connection.close()
      }
    },
    removeEntry: ({ file, identity, serenaHome }) =>
      removeFileIf(
        file,
        (text) => parseOwnEntry(text, { file, serenaHome }).entries[0]?.identity === identity,
      ),
    ender: createProcessEnder(platform),
    limits: { ownPid: process.pid, ownUid: source.ownUid },
    clock: {
      now: clock.monotonic,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
  })

  const isGone = holderIsGone(() => source.list())
  const writer = createEntryWriter({ isGone })
  const keeper = createEntryKeeper(writer)
  const publishing = createPublishing({
    publisher: createViewPublisher({
      isGone,
      look: async () => mayLiveOf(await source.list(), findSerenas),
      nowMs: clock.wall,
      ownPid: process.pid,
    }),
    homes: () => publishedByHome(sweep.tracks(), sweep.current(), source.ownUid),
    subscribe: sweep.subscribe,
    keepEntries() {
      const living = sweep.registry().joined.flatMap(({ entry, serena }) => (serena ? [entry] : []))
      const identities = new Set(sweep.tracks().map(({ serena }) => serena.process.identity))
      return keeper.keep(living, (identity) => identities.has(identity))
    },
    isOn: () => true,
    onFault,
  })
  const registry = createRegistryService({
    writer: { ...writer, put: keeper.put },
    table: () => source.list(),
    look: pulse.lookNow,
    entries: () =>
      sweep.registry().joined.map(({ entry, serena, fate }) => ({
        id: entryId(entry),
        entry,
        fate,
        instanceId: serena ? instanceId(serena.process.identity, serena.process.pid) : entryId(entry),
      })),
    problems: () => sweep.registry().problems,
    homeOf: sweep.homeOf,
    ownHome: defaultSerenaHome(env, platform),
    isInScope: sweep.isInScope,
    ownPort: () => ownPort,
    limits: { ownPid: process.pid, ownUid: source.ownUid },
    pidNamespace: source.pidNamespace,
    nowMs: clock.wall,
  })

  return {
    instances: {
      current: sweep.current,
      sweep: pulse.sweepNow,
      subscribe: sweep.subscribe,
      setVisible: pulse.setVisible,
    },
    dashboards,
    changes,
    ending,
    places,
    registry,
    start() {
      pulse.start()
      publishing.start()
    },
    setOwnPort(port) {
      ownPort = port
    },
    async close() {
      pulse.stop()
      await publishing.close()
      await sweep.close()
      await Promise.all([clients.close(), lastLooks.close()])
    },
  }
}
