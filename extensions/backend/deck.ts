// The deck: everything that knows the Serenas of this machine, wired together. Listens on nothing; the surfaces hold it.

import { briefOwnerWords } from '#contract/owner-words'
import { createHistoryParts } from './deck-history.ts'
import { createNeighbourWatch } from './deck-neighbour.ts'
import { createPushParts, type OwnPage } from './deck-push.ts'
import { createRegistryParts } from './deck-registry.ts'
import { type BackendSettings, createSettingsParts } from './deck-settings.ts'
import { createUnfinishedEndings } from './deck-unfinished.ts'
import type { ProcessSource } from './facts.ts'
import { etagOf, maskSecrets, previewOf, unmaskSecrets } from './features/dashboards/configuration.ts'
import { createDashboards } from './features/dashboards/dashboards.ts'
import { findLogOf, logModifiedAtMs, readLogHead } from './features/dashboards/log-head.ts'
import { createEnding } from './features/ending/ending.ts'
import { createRegistryReader } from './features/registry/read-registry.ts'
import { createOwnSettings } from './features/settings/own-settings.ts'
import { createFailedStarts, type FailedStarts } from './features/starts/failed-starts.ts'
import { parseSerenaCommand } from './features/sweep/command-line.ts'
import { createDashboardCalls } from './features/sweep/dashboard-calls.ts'
import { createDashboardChanges } from './features/sweep/dashboard-changes.ts'
import { createPlaces } from './features/sweep/places.ts'
import { instanceId } from './features/sweep/present.ts'
import { createPulse, type Pulse } from './features/sweep/pulse.ts'
import { findSerenas } from './features/sweep/serena-processes.ts'
import { createSweep, type Sweep } from './features/sweep/sweep.ts'
import { findGroupFlags } from './features/verdict/group-flags.ts'
import { judge, missesOf } from './features/verdict/verdict.ts'
import { launchCommand } from './lib/launch-command.ts'
import { createSettingsReader } from './lib/read-settings.ts'
import { writeBackup } from './os/backups.ts'
import { createEndingJournals } from './os/ending-journal.ts'
import { leadsOutside } from './os/inside-folder.ts'
import { defaultSerenaHome, onlyHomes, settingsFile, stateFolder } from './os/paths.ts'
import { createProcessEnder } from './os/process-ender.ts'
import { processMayRun } from './os/process-may-run.ts'
import { createProcessSource } from './os/process-source.ts'
import { revealFolder } from './os/reveal.ts'
import type {
  DashboardChanges,
  DashboardService,
  EndingService,
  HistoryService,
  InstanceService,
  PlaceService,
  RegistryService,
  SettingsService,
} from './services.ts'

export interface Deck {
  instances: InstanceService
  dashboards: DashboardService
  changes: DashboardChanges
  ending: EndingService
  history: HistoryService
  places: PlaceService
  registry: RegistryService
  settings: SettingsService & BackendSettings
  /** Starts the clocks; without it the deck looks only when asked. */
  start(): void
  /** The person has asked for a page: none is opened beside it. */
  expectPage(): void
  /** Writes down what happens from here on, and prunes; for the one backend of this state folder. */
  keepHistory(): void
  /** Our own HTTP port, once known: it is never taken for a dashboard. */
  setOwnPort(port: number): void
  close(): Promise<void>
}

/** What the parts of a deck are wired from. */
export interface DeckParts {
  starts: FailedStarts
  sweep: Sweep
  pulse: Pulse
  source: ProcessSource
  clock: { wall: () => number; monotonic: () => number }
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  ownPort: () => number | null
  onFault: (error: unknown) => void
}

export interface DeckOptions {
  /** Our own page, of a backend that has one. */
  page?: OwnPage
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Where faults of the clocks are told. */
  onFault?: (error: unknown) => void
  /** Epoch and monotonic milliseconds; default: those of this machine. */
  clock?: DeckParts['clock']
}

const OWN_CLOCK: DeckParts['clock'] = { wall: () => Date.now(), monotonic: () => performance.now() }

/** A deck on the Serenas of this machine, or of SERENA_DECK_ONLY_HOMES. */
export function createDeck({
  env,
  platform,
  page,
  onFault = () => undefined,
  clock = OWN_CLOCK,
}: DeckOptions): Deck {
  const source = createProcessSource(platform)
  const { ownsConnection } = source
  const clients = createDashboards({ now: clock.monotonic, ownsConnection })
  const homes = createSettingsReader()
  const reader = createRegistryReader()
  // Before an ending every hung one is asked once more, all at the same time: nobody waits for the limit of the others.
  const lastLooks = createDashboards({ now: clock.monotonic, ownsConnection, inFlight: 64 })
  let ownPort: number | null = null

  const sweep = createSweep({
    source,
    clock,
    findSerenas,
    judge,
    findFlags: findGroupFlags,
    connect: (target) => clients.connect(target),
    trustedHostsOf: (home) => homes.read(home).webDashboardTrustedHosts,
    logs: { readHead: readLogHead, modifiedAtMs: logModifiedAtMs, find: findLogOf },
    readRegistry: (homes) => reader.read(homes),
    ownPort: () => ownPort,
    ownSerenaHome: defaultSerenaHome(env, platform),
    onlyHomes: onlyHomes(env, platform),
    ownPid: process.pid,
    onEnded(track, instance) {
      const { process } = track.serena
      if (track.serena.isLauncherOnly) return
      starts.take({
        id: instanceId(process.identity, process.pid),
        pid: process.pid,
        startedAtMs: process.startedAtMs,
        serenaHome: track.serenaHome,
        project: instance?.project ?? track.projectByCommand,
        client: instance?.owner ? briefOwnerWords(instance.owner) : null,
      })
    },
    hasRegisteredItself: (identity) => push.isRegistered(identity),
    moreNotices: () =>
      [publishing, ownSettings, keeping, neighbour, starts, unfinished].flatMap((part) => part.notices()),
  })
  const starts = createFailedStarts({
    nowMs: clock.wall,
    homes: () => sweep.current().serenaHomes,
    mayRun: processMayRun,
  })
  sweep.subscribe(({ changed }) => starts.see(changed))
  const neighbour = createNeighbourWatch(sweep.announce)
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

  const ender = createProcessEnder(platform)
  const limits = { ownPid: process.pid, ownUid: source.ownUid }
  const endingClock = {
    now: clock.monotonic,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
  const journals = createEndingJournals(stateFolder(env, platform))
  const unfinished = createUnfinishedEndings(
    { journals, ender, findSerenas, limits, clock: endingClock },
    sweep.announce,
  )
  const ending = createEnding({
    current: sweep.current,
    look: pulse.lookNow,
    find(id) {
      const track = sweep.find(id)
      if (!track) return null
      const { serena, details, client, watch } = track
      const dashboard = watch?.knowledge() ?? null
      // An orphan may hang as well: whoever missed the last look is not waited for.
      const isAnswering = dashboard?.hasAnswered === true && missesOf(dashboard).length === 0
      return { serena, details, client, isAnswering }
    },
    findLeft: sweep.findLeft,
    findLeftTree: sweep.findLeftTree,
    launchOf(id) {
      const track = sweep.find(id)
      if (!track) return null
      const { serena, details, serenaHome } = track
      const { argv } = serena.wrappers[0] ?? serena.process
      return launchCommand({ argv: argv ?? [], cwd: details?.cwd ?? null, serenaHome }, platform)
    },
    findSerenas: (table) => findSerenas(table, sweep.connections()),
    async ask(id) {
      await (await dashboards.prove(id)).connection.actions.shutdown()
    },
    async answers(id) {
      const target = sweep.find(id)?.target
      if (!target) return false
      const connection = lastLooks.connect(target)
      try {
        return (await connection.heartbeat()).result === 'answered'
      } finally {
        await connection.close()
      }
    },
    barOfEntry: (entry) => entries.barOf(entry),
    removeEntry: (entry) => entries.remove(entry),
    ender,
    limits,
    clock: endingClock,
    journals,
    finishUnfinished: unfinished.finish,
  })

  const watchedEnding: EndingService = {
    ...ending,
    end(request) {
      sweep.ignoreEnds(request.ids)
      return ending.end(request)
    },
  }
  const parts: DeckParts = {
    starts,
    sweep,
    pulse,
    source,
    clock,
    env,
    platform,
    ownPort: () => ownPort,
    onFault,
  }
  const ownSettings = createOwnSettings(settingsFile(env, platform))
  const { registry, publishing, entries } = createRegistryParts(parts, ownSettings)
  const { push, opener } = createPushParts(parts, ownSettings, page)
  const settings = createSettingsParts(parts, ownSettings, push)
  const keeping = createHistoryParts(parts, watchedEnding, changes)

  return {
    instances: {
      current: sweep.current,
      async sweep() {
        await unfinished.finish()
        return pulse.sweepNow()
      },
      isConfirming: () => sweep.tracks().some((track) => track.confirmsInMs() !== null),
      subscribe: sweep.subscribe,
      setVisible: pulse.setVisible,
    },
    dashboards,
    changes: keeping.recorded.changes,
    ending: keeping.recorded.ending,
    history: keeping.history,
    places,
    registry,
    settings,
    keepHistory: keeping.start,
    start() {
      unfinished.finish().catch(onFault)
      pulse.start()
      publishing.start()
      push.start()
    },
    expectPage: opener.expectPage,
    setOwnPort(port) {
      ownPort = port
      neighbour.start(port)
    },
    async close() {
      pulse.stop()
      neighbour.close()
      await Promise.all([publishing.close(), push.close()])
      await keeping.close()
      await sweep.close()
      await Promise.all([clients.close(), lastLooks.close()])
    },
  }
}
