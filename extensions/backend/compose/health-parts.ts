// The deck's doctor. Everything that reads configurations is loaded with the first request for it.

import type { FileChanges } from '../doctor/fix-apply.ts'
import type { HealthService } from '../doctor/health-service.ts'
import type { DeckParts } from './deck-base.ts'

/** Creates the service of one deck. */
export function createHealthParts(
  { source, env, platform, clock }: Pick<DeckParts, 'source' | 'env' | 'platform' | 'clock'>,
  changes: () => Promise<FileChanges>,
): HealthService {
  let service: Promise<HealthService> | null = null
  const load = async (): Promise<HealthService> => {
    const [
      { createHealthService },
      { createDoctor },
      { loadConfigTools },
      { runningClients },
      { configClientOf },
    ] = await Promise.all([
      import('../doctor/health-service.ts'),
      import('../doctor/doctor.ts'),
      import('../doctor/config-tools.ts'),
      import('../doctor/running-clients.ts'),
      import('../clients/configs/config-clients.ts'),
    ])
    return createHealthService({
      doctor: createDoctor({ env, platform, cwd: process.cwd(), nowMs: clock.wall }),
      changes: await changes(),
      tools: loadConfigTools,
      async restarts(ids) {
        const clients = ids.flatMap((id) => configClientOf(id) ?? [])
        return runningClients(clients, await source.list(), process.getuid?.() ?? null)
      },
      nowMs: clock.wall,
    })
  }
  const loaded = (): Promise<HealthService> => (service ??= load())
  return {
    count: async () => (await loaded()).count(),
    health: async (isFresh) => (await loaded()).health(isFresh),
    preview: async (ids) => (await loaded()).preview(ids),
    fix: async (request) => (await loaded()).fix(request),
    undo: async () => (await loaded()).undo(),
    ignore: async (request) => (await loaded()).ignore(request),
  }
}
