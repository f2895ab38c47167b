// The deck's settings: what the page shows of them and may change.

import { ownConfigs } from '../clients/configs/own-configs.ts'
import { etagOf, previewOf } from '../dashboards/configuration.ts'
import { defaultSerenaHome } from '../os/paths.ts'
import type { Push } from '../push/push.ts'
import { createSettingsReader } from '../serena/read-settings.ts'
import type { OwnSettingsStore } from '../settings/own-settings.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { createSettingsService } from '../settings/settings-service.ts'
import { backUpSettings } from './dashboard-parts.ts'
import type { DeckParts } from './deck-base.ts'

/** What the settings say about the backend itself. */
export interface BackendSettings {
  /** The port of the page; null: not set. */
  port(): number | null
  /** The backend keeps running without a window. */
  keepsWatching(): boolean
}

/** Creates the settings of one deck. */
export function createSettingsParts(
  { instances, notices, env, platform }: DeckParts,
  own: OwnSettingsStore,
  push: Push,
): SettingsService & BackendSettings {
  const homes = createSettingsReader()
  const projects = (): string[] => [
    ...new Set(instances.current().instances.flatMap(({ project }) => project?.path ?? [])),
  ]
  const service = createSettingsService({
    own,
    serenaHomes: () => instances.current().serenaHomes,
    readSettings: (serenaHome) => homes.read(serenaHome),
    push: () => ({ state: push.state(), port: push.port }),
    async clientFlags() {
      // Loaded on first use: the readers cost memory that a backend without an open settings page does not need.
      const { readClientFlags } = await import('../clients/configs/client-flags.ts')
      return readClientFlags({ ...ownConfigs(env, platform), projects: projects() })
    },
    configuration: { etagOf, preview: previewOf },
    backUp: backUpSettings({ env, platform }),
    async onChange() {
      await push.renew()
      notices.changed()
    },
  })
  return {
    ...service,
    port: () => homes.read(defaultSerenaHome(env, platform)).webDashboardGlobalPort ?? own.current().port,
    keepsWatching: () => own.current().keepsWatching ?? false,
  }
}
