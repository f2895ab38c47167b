// The deck's moving of clients to the hub. Everything that reads configurations is loaded with the first request for it.
import { AppError } from '#contract/errors'
import { ownConfigs } from '../clients/configs/own-configs.ts'
import type { FileChanges } from '../doctor/fix-apply.ts'
import type { ShareService } from '../doctor/share-service.ts'
import { productCommand } from '../lib/product.ts'
import type { DeckParts } from './deck-base.ts'

/** Creates the service of one deck. */
export function createShareParts(
  { instances, env, platform }: DeckParts,
  changes: () => Promise<FileChanges>,
): ShareService {
  let service: Promise<ShareService> | null = null
  const load = async (): Promise<ShareService> => {
    const [{ createShareService }, { readConfigs }, { loadConfigTools }] = await Promise.all([
      import('../doctor/share-service.ts'),
      import('../clients/configs/read-configs.ts'),
      import('../doctor/config-tools.ts'),
    ])
    return createShareService({
      configs: (project) =>
        readConfigs({ ...ownConfigs(env, platform), projects: project === null ? [] : [project] }),
      projectOf(instanceId) {
        const instance = instances.current().instances.find(({ id }) => id === instanceId)
        if (!instance) throw new AppError('instance-not-found', { target: 'unknown id' })
        return instance.project?.path ?? null
      },
      product: productCommand,
      changes: await changes(),
      tools: loadConfigTools,
    })
  }
  const loaded = (): Promise<ShareService> => (service ??= load())
  return {
    preview: async (instanceId) => (await loaded()).preview(instanceId),
    share: async (instanceId, request) => (await loaded()).share(instanceId, request),
    undo: async (file) => (await loaded()).undo(file),
  }
}
