// The deck's settings, wired: what the page shows of them and may change.
import type { DeckParts } from './deck.ts'
import { etagOf, previewOf } from './features/dashboards/configuration.ts'
import type { Push } from './features/push/push.ts'
import { knownConfigs, readClientFlags } from './features/settings/client-configs.ts'
import type { OwnSettingsStore } from './features/settings/own-settings.ts'
import { createSettingsService } from './features/settings/settings-service.ts'
import { createSettingsReader } from './lib/read-settings.ts'
import { writeBackup } from './os/backups.ts'
import { clientFolders, defaultSerenaHome, stateFolder } from './os/paths.ts'
import type { SettingsService } from './services.ts'

/** What the settings say of the backend itself. */
export interface BackendSettings {
  /** Where the page is to be served; null: they do not say. */
  port(): number | null
  /** The watch goes on without a window. */
  keepsWatching(): boolean
}

/** The settings of one deck. */
export function createSettingsParts(
  { sweep, env, platform }: DeckParts,
  own: OwnSettingsStore,
  push: Push,
): SettingsService & BackendSettings {
  const homes = createSettingsReader()
  const projects = (): string[] => [
    ...new Set(sweep.current().instances.flatMap(({ project }) => project?.path ?? [])),
  ]
  const service = createSettingsService({
    own,
    serenaHomes: () => sweep.current().serenaHomes,
    readSettings: (serenaHome) => homes.read(serenaHome),
    push: () => ({ state: push.state(), port: push.port }),
    clientFlags: () => readClientFlags(knownConfigs(clientFolders(env, platform), projects())),
    configuration: { etagOf, preview: previewOf },
    backUp: (text) => void writeBackup(stateFolder(env, platform), 'serena_config.yml', text, Date.now()),
    async onChange() {
      await push.renew()
      sweep.announce()
    },
  })
  return {
    ...service,
    port: () => homes.read(defaultSerenaHome(env, platform)).webDashboardGlobalPort ?? own.current().port,
    keepsWatching: () => own.current().keepsWatching ?? false,
  }
}
