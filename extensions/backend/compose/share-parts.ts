// The deck's moving of clients to the hub.
import { AppError } from '#contract/errors'
import { ownConfigs } from '../clients/configs/own-configs.ts'
import { loadConfigTools } from '../doctor/config-tools.ts'
import type { FileChanges } from '../doctor/fix-apply.ts'
import { createShareService, type ShareService } from '../doctor/share-service.ts'
import { productCommand } from '../lib/product.ts'
import type { DeckParts } from './deck-base.ts'

/** Creates the service of one deck. */
export function createShareParts(
  { instances, env, platform }: DeckParts,
  changes: FileChanges,
): ShareService {
  return createShareService({
    async configs(project) {
      // Loaded on first use: the readers cost memory that most backends do not need.
      const { readConfigs } = await import('../clients/configs/read-configs.ts')
      return readConfigs({ ...ownConfigs(env, platform), projects: project === null ? [] : [project] })
    },
    projectOf(instanceId) {
      const instance = instances.current().instances.find(({ id }) => id === instanceId)
      if (!instance) throw new AppError('instance-not-found', { target: 'unknown id' })
      return instance.project?.path ?? null
    },
    product: productCommand,
    changes,
    tools: loadConfigTools,
  })
}
