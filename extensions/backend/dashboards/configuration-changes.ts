// Changes of Serena's global configuration: previewed, confirmed by a hash, backed up, and verified after the write.
import { AppError } from '#contract/errors'
import { etagOf, maskSecrets, previewOf, unmaskSecrets } from './configuration.ts'
import type { DashboardChangeDeps, Proven } from './dashboard-change-deps.ts'
import type { DashboardChanges } from './dashboard-service.ts'

type ConfigurationChanges = Pick<
  DashboardChanges,
  'configuration' | 'previewConfiguration' | 'saveConfiguration'
>

export function createConfigurationChanges({
  prove,
  backUp,
}: Pick<DashboardChangeDeps, 'prove' | 'backUp'>): ConfigurationChanges {
  async function readUnchanged(id: string, etag: string): Promise<{ proven: Proven; text: string }> {
    const proven = await prove(id)
    const text = await proven.connection.actions.readConfiguration()
    if (etagOf(text) !== etag) throw new AppError('changed-meanwhile', { what: 'The configuration' })
    return { proven, text }
  }

  return {
    async configuration(id) {
      const text = await (await prove(id)).connection.actions.readConfiguration()
      return { text: maskSecrets(text), etag: etagOf(text) }
    },
    async previewConfiguration(id, { text: edited, etag }) {
      const { text } = await readUnchanged(id, etag)
      return previewOf(text, unmaskSecrets(edited, text))
    },
    async saveConfiguration(id, { text: edited, etag, hash }) {
      const { proven, text } = await readUnchanged(id, etag)
      const next = unmaskSecrets(edited, text)
      const preview = previewOf(text, next)
      if (preview.hash !== hash) throw new AppError('diff-not-seen')
      if (preview.problem !== null) throw new AppError('bad-input', { issue: preview.problem })
      backUp(text)
      await proven.connection.actions.saveConfiguration(next)
      const saved = await proven.connection.actions.readConfiguration()
      if (saved !== next) throw new AppError('outcome-unknown', { what: 'saving the configuration' })
      return { text: maskSecrets(saved), etag: etagOf(saved) }
    },
  }
}
