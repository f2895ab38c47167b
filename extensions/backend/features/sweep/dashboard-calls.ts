// Calls that the page makes to an instance's dashboard: each one proves first that the instance still owns the port.
import { AppError } from '#contract/errors'
import type { ProcessSource } from '../../facts.ts'
import type { DashboardService } from '../../services.ts'
import type { DashboardChangeDeps } from './dashboard-changes.ts'
import type { DashboardWatch } from './dashboard-watch.ts'
import type { Track } from './tracks.ts'

export interface DashboardCallDeps {
  source: Pick<ProcessSource, 'listeners' | 'glance'>
  find: (instanceId: string) => Track | null
  onNews: () => void
}

/** The proxied calls of one deck, and what the changes need to prove an instance. Errors: `instance-not-found`, `no-dashboard`, `instance-replaced`, and the client's own. */
export function createDashboardCalls({
  source,
  find,
  onNews,
}: DashboardCallDeps): DashboardService & { prove: DashboardChangeDeps['prove'] } {
  async function proven(instanceId: string): Promise<{ watch: DashboardWatch; track: Track }> {
    const track = find(instanceId)
    if (!track) throw new AppError('instance-not-found', { target: 'that id' })
    const { watch, serena } = track
    if (!watch?.knowledge()?.hasAnswered) throw new AppError('no-dashboard')
    const { process } = serena
    const seen = (await source.glance(new Set([process.pid]))).watched.get(process.pid)
    if (seen?.identity !== process.identity) throw new AppError('instance-replaced')
    const owned = (await source.listeners([process])).get(process.pid) ?? []
    if (!owned.some(({ socket, port }) => socket === watch.listener.socket && port === watch.listener.port))
      throw new AppError('instance-replaced')
    return { watch, track }
  }

  return {
    async prove(instanceId) {
      const { watch, track } = await proven(instanceId)
      return { connection: watch.connection, track, overview: watch.knowledge()?.overview ?? null }
    },
    async overview(instanceId) {
      const { watch } = await proven(instanceId)
      const answer = await watch.connection.overview()
      if (answer.isAvailable) {
        watch.keepOverview(answer.data)
        onNews()
      }
      return answer
    },
    executions: async (instanceId) => (await proven(instanceId)).watch.connection.executions(),
    stats: async (instanceId) => (await proven(instanceId)).watch.connection.toolStats(),
    logs: async (instanceId, from) => (await proven(instanceId)).watch.connection.logs(from),
  }
}
