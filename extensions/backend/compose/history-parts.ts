// The history and the pruning: only the one backend of a state folder does both.
import type { Notice } from '#contract/instance'
import type { DashboardChanges } from '../dashboards/dashboard-service.ts'
import type { EndingService } from '../ending/ending.ts'
import { createHistory, type HistoryKeeper } from '../history/history.ts'
import { createHistoryFile } from '../history/history-file.ts'
import { recordEndings } from '../history/record-endings.ts'
import { createUsageKeeper } from '../history/usage-file.ts'
import type { UsageService } from '../history/usage-service.ts'
import { hasHolderExited } from '../os/files/lock-holder.ts'
import { stateFolder } from '../os/paths.ts'
import { createPruner } from '../prune/pruner.ts'
import { createSettingsReader, type SettingsReader } from '../serena/read-settings.ts'
import { settingsFileOf } from '../serena/settings-file.ts'
import type { DeckParts } from './deck-base.ts'
import type { DeckHub } from './hub-parts.ts'

/** How often the pruner checks which instances are due. */
const PRUNE_MS = 5_000

export interface HistoryParts {
  history: HistoryKeeper
  /** The services that end something; each end is recorded. */
  recorded: { ending: EndingService; changes: DashboardChanges }
  usage: UsageService
  notices(): readonly Notice[]
  /** Starts recording and pruning; for the one backend of this state folder. */
  start(): void
  close(): Promise<void>
}

/** Creates the history and the pruning of one deck. */
export function createHistoryParts(
  parts: DeckParts,
  { ending, changes, hub }: { ending: EndingService; changes: DashboardChanges; hub: DeckHub },
): HistoryParts {
  const { starts, instances, scheduler, onFault } = parts
  const keeper = createUsageKeeper({ ...parts, folder: stateFolder(parts.env, parts.platform) })
  parts.usage.onScan(keeper.take)
  const history = historyOf(parts)
  const homes = createSettingsReader()
  const pruner = prunerOf(parts, { ending, history, homes })
  let timer: ReturnType<typeof setInterval> | null = null

  return {
    history,
    recorded: recordEndings({ history, current: instances.current, ending, changes }),
    usage: { lastHour: parts.usage.read, lastWeek: keeper.week },
    notices: () => [...history.notices(), ...settingsNotices(instances.current().serenaHomes, homes)],
    start() {
      keeper.begin()
      instances.subscribe(history.apply)
      scheduler
        .scanNow()
        // Before the first list: what the hub did while no backend was running.
        .then(() => hub.keepHistory(history.add))
        .then(() => history.begin(instances.current().instances))
        .catch(onFault)
      timer ??= setInterval(() => {
        void pruner.tick().catch(onFault)
        history.addUnseen(starts.findUnseen())
      }, PRUNE_MS)
    },
    async close() {
      if (timer) clearInterval(timer)
      keeper.close()
      await history.flush()
    },
  }
}

const historyOf = ({ starts, instances, notices, source, clock, env, platform }: DeckParts): HistoryKeeper =>
  createHistory({
    file: createHistoryFile({
      folder: stateFolder(env, platform),
      hasExited: hasHolderExited(() => source.list()),
    }),
    nowMs: clock.wall,
    isLauncher: (id) => instances.find(id)?.serena.isLauncherOnly ?? false,
    onNews: notices.changed,
    endOf: starts.endOf,
  })

function prunerOf(
  { instances, clock }: DeckParts,
  {
    ending,
    history,
    homes,
  }: { ending: EndingService; history: HistoryKeeper; homes: Pick<SettingsReader, 'read'> },
): ReturnType<typeof createPruner> {
  const homeOf = (id: string): string | null =>
    instances.find(id)?.home.serenaHome ??
    instances.findLeft(id)?.entry.serenaHome ??
    instances.findLeftTree(id)?.serenaHome ??
    null
  return createPruner({
    instances: () => instances.current().instances,
    settingsOf(id) {
      const home = homeOf(id)
      return home === null ? null : homes.read(home)
    },
    plan: ending.plan,
    end: (request) =>
      history.recordEnding(
        instances.current().instances.filter(({ id }) => request.ids.includes(id)),
        'prune',
        () => ending.end(request),
      ),
    now: clock.monotonic,
  })
}

/** Invalid values in a home's settings file, which have no effect. */
const settingsNotices = (serenaHomes: readonly string[], homes: Pick<SettingsReader, 'read'>): Notice[] =>
  serenaHomes.flatMap((home) =>
    homes.read(home).problems.map(({ key, text }) => ({
      id: `settings:${home}:${key}`,
      level: 'warning' as const,
      text: `${settingsFileOf(home)}: ${text}`,
    })),
  )
