// What the one backend of a state folder does beside looking, wired: it writes down what happens, and prunes.
import type { Notice } from '#contract/instance'
import type { DeckParts } from './deck.ts'
import { createHistory, type HistoryKeeper } from './features/history/history.ts'
import { recordEndings } from './features/history/record-endings.ts'
import { createPruner } from './features/prune/pruner.ts'
import { holderIsGone } from './lib/process-lives.ts'
import { createSettingsReader } from './lib/read-settings.ts'
import { settingsFileOf } from './lib/settings-file.ts'
import { createHistoryFile } from './os/history-file.ts'
import { stateFolder } from './os/paths.ts'
import type { DashboardChanges, EndingService } from './services.ts'

/** How often pruning looks whose time is up. */
const PRUNE_MS = 5_000

export interface HistoryParts {
  history: HistoryKeeper
  /** The services that end something, with the history told of it. */
  recorded: { ending: EndingService; changes: DashboardChanges }
  notices(): readonly Notice[]
  /** Begins to write down and to prune; for the one backend of this state folder. */
  start(): void
  close(): Promise<void>
}

/** The history and the pruning of one deck. */
export function createHistoryParts(
  { starts, sweep, pulse, source, clock, env, platform, onFault }: DeckParts,
  ending: EndingService,
  changes: DashboardChanges,
): HistoryParts {
  const history = createHistory({
    file: createHistoryFile({
      folder: stateFolder(env, platform),
      isGone: holderIsGone(() => source.list()),
    }),
    nowMs: clock.wall,
    isLauncher: (id) => sweep.find(id)?.serena.isLauncherOnly ?? false,
    onNews: sweep.announce,
    endOf: starts.endOf,
  })
  const homes = createSettingsReader()
  const homeOf = (id: string): string | null =>
    sweep.find(id)?.serenaHome ??
    sweep.findLeft(id)?.entry.serenaHome ??
    sweep.findLeftTree(id)?.serenaHome ??
    null
  const pruner = createPruner({
    instances: () => sweep.current().instances,
    settingsOf(id) {
      const home = homeOf(id)
      return home === null ? null : homes.read(home)
    },
    plan: ending.plan,
    end: (request) =>
      history.whileEnding(
        sweep.current().instances.filter(({ id }) => request.ids.includes(id)),
        'prune',
        () => ending.end(request),
      ),
    now: clock.monotonic,
  })
  /** What a home's file says and cannot be used, so that nobody waits for what will not happen. */
  const settingsNotices = (): Notice[] =>
    sweep.current().serenaHomes.flatMap((home) =>
      homes.read(home).problems.map(({ key, text }) => ({
        id: `settings:${home}:${key}`,
        level: 'warning' as const,
        text: `${settingsFileOf(home)}: ${text}`,
      })),
    )
  let timer: ReturnType<typeof setInterval> | null = null

  return {
    history,
    recorded: recordEndings({ history, current: sweep.current, ending, changes }),
    notices: () => [...history.notices(), ...settingsNotices()],
    start() {
      sweep.subscribe(history.apply)
      pulse
        .lookNow()
        .then(({ instances }) => history.begin(instances))
        .catch(onFault)
      timer ??= setInterval(() => {
        void pruner.tick().catch(onFault)
        history.addUnseen(starts.findUnseen())
      }, PRUNE_MS)
    },
    async close() {
      if (timer) clearInterval(timer)
      await history.flush()
    },
  }
}
