// The deck: all parts that observe the Serenas of this machine. It listens on no port; the surfaces use it.
import type { FileChanges } from '../doctor/fix-apply.ts'
import type { InstanceService } from '../instances/instance-service.ts'
import { settingsFile, stateFolder } from '../os/paths.ts'
import { createOwnSettings } from '../settings/own-settings.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { createDashboardParts } from './dashboard-parts.ts'
import { createDeckBase, type DeckOptions, type DeckParts } from './deck-base.ts'
import type { DeckServices } from './deck-services.ts'
import { createEndingParts } from './ending-parts.ts'
import { createHealthParts } from './health-parts.ts'
import { createHistoryParts } from './history-parts.ts'
import { createHubParts } from './hub-parts.ts'
import { createInstanceParts } from './instance-parts.ts'
import { createJumpParts } from './jump-parts.ts'
import { createLabelParts, createLabels } from './label-parts.ts'
import { createOpeningParts } from './opening-parts.ts'
import { createPortWatch } from './port-notice.ts'
import { createPushParts } from './push-parts.ts'
import { createRegistryParts } from './registry-parts.ts'
import { type BackendSettings, createSettingsParts } from './settings-parts.ts'
import { createShareParts } from './share-parts.ts'
import type { UnfinishedEndings } from './unfinished-endings.ts'

export interface Deck extends DeckServices {
  settings: SettingsService & BackendSettings
  /** Starts the clocks; without it the deck scans only on request. */
  start(): void
  /** The user asked for a page: no other one is opened. */
  expectPage(): void
  /** Records history from here on, and prunes; for the one backend of this state folder. */
  keepHistory(): void
  /** Our own HTTP port, once known: it is never treated as a dashboard. */
  setOwnPort(port: number): void
  close(): Promise<void>
}

/** Creates a deck on the Serenas of this machine, or of SERENA_DECK_ONLY_HOMES. */
export function createDeck(options: DeckOptions): Deck {
  const base = createDeckBase(options, () => portWatch.port())
  const { env, platform, notices, onFault } = base
  const portWatch = createPortWatch(notices.changed)
  const observer = createHubParts(base)
  const labels = createLabels(base)
  const parts = createInstanceParts(base, (identity) => push.isRegistered(identity), {
    hub: observer.view,
    labelOf: labels.of,
  })
  const hub = observer.connect(parts)
  const ownSettings = createOwnSettings(settingsFile(env, platform))
  const { registry, publishing, entries } = createRegistryParts(parts, ownSettings)
  const opening = createOpeningParts(parts, ownSettings, options.page)
  const push = createPushParts(parts, ownSettings, opening)
  const { dashboards, changes, places } = createDashboardParts(parts)
  const { ending, unfinished, ...endings } = createEndingParts(parts, dashboards, entries)
  const settings = createSettingsParts(parts, ownSettings, push)
  const history = createHistoryParts(parts, { ending, changes, hub })
  for (const part of [publishing, ownSettings, labels, history, portWatch, parts.starts, unfinished, hub])
    notices.add(() => part.notices())
  const fileChanges = lazyFileChanges(stateFolder(env, platform))

  return {
    instances: instanceService(parts, unfinished),
    dashboards,
    changes: history.recorded.changes,
    ending: history.recorded.ending,
    history: history.history,
    usage: history.usage,
    places,
    hub,
    labels: createLabelParts(labels, parts.instances),
    sharing: createShareParts(parts, fileChanges),
    health: createHealthParts(parts, fileChanges),
    ...createJumpParts(parts),
    registry,
    settings,
    keepHistory: history.start,
    start() {
      unfinished.finish().catch(onFault)
      parts.scheduler.start()
      publishing.start()
      push.start()
    },
    expectPage: opening.opener.expectPage,
    setOwnPort: portWatch.start,
    async close() {
      parts.scheduler.stop()
      observer.close()
      portWatch.close()
      await Promise.all([publishing.close(), push.close()])
      await history.close()
      parts.close()
      endings.close()
    },
  }
}

/** Changes of configurations, loaded on first use: they cost memory that most backends do not need. */
function lazyFileChanges(folder: string): () => Promise<FileChanges> {
  let changes: Promise<FileChanges> | null = null
  const load = async (): Promise<FileChanges> => {
    const [{ createFileChanges }, { loadConfigTools }] = await Promise.all([
      import('../doctor/fix-apply.ts'),
      import('../doctor/config-tools.ts'),
    ])
    return createFileChanges({ stateFolder: folder, tools: loadConfigTools })
  }
  return () => (changes ??= load())
}

const instanceService = (
  { instances, scheduler }: DeckParts,
  unfinished: Pick<UnfinishedEndings, 'finish'>,
): InstanceService => ({
  current: instances.current,
  async sweep() {
    await unfinished.finish()
    return scheduler.sweepNow()
  },
  isConfirming: () => instances.tracks().some((track) => track.confirmsInMs() !== null),
  subscribe: instances.subscribe,
  setVisible: scheduler.setVisible,
})
