// Calls of the page to an instance's dashboard. Each proves first that the instance still owns the port.
import { AppError } from '#contract/errors'
import type { ProcessSource } from '../os/process-facts.ts'
import type { DashboardChangeDeps } from './dashboard-change-deps.ts'
import type { DashboardHolder } from './dashboard-holder.ts'
import type { DashboardService } from './dashboard-service.ts'
import type { DashboardWatch } from './dashboard-watch.ts'

export interface DashboardCallDeps {
  source: Pick<ProcessSource, 'listeners' | 'quickScan'>
  find: (instanceId: string) => DashboardHolder | null
  onChange: () => void
}

/**
 * Returns the calls of one deck, and the proof that changes need. Errors: `instance-not-found`, `no-dashboard`, `instance-replaced`,
 * and those of the client.
 */
export function createDashboardCalls({
  source,
  find,
  onChange,
}: DashboardCallDeps): DashboardService & { prove: DashboardChangeDeps['prove'] } {
  async function proven(instanceId: string): Promise<{ watch: DashboardWatch; track: DashboardHolder }> {
    const track = find(instanceId)
    if (!track) throw new AppError('instance-not-found', { target: 'unknown id' })
    const { watch, serena } = track
    if (!watch?.knowledge()?.hasAnswered) throw new AppError('no-dashboard')
    const { process } = serena
    const seen = (await source.quickScan(new Set([process.pid]))).watched.get(process.pid)
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
        watch.setOverview(answer.data)
        onChange()
      }
      return answer
    },
    executions: async (instanceId) => (await proven(instanceId)).watch.connection.executions(),
    stats: async (instanceId) => (await proven(instanceId)).watch.connection.toolStats(),
    logs: async (instanceId, from) => (await proven(instanceId)).watch.connection.logs(from),
  }
}
