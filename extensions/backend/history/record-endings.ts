// The services that end instances, with a record of each end in the history.
import type { Receipt } from '#contract/ending'
import type { Instance, InstanceList } from '#contract/instance'
import { RECEIPT_VERSION } from '#contract/versions'
import type { DashboardChanges } from '../dashboards/dashboard-service.ts'
import type { EndingService } from '../ending/ending.ts'
import type { HistoryKeeper } from './history.ts'

export interface RecordedDeps {
  history: Pick<HistoryKeeper, 'recordEnding'>
  current: () => InstanceList
  ending: EndingService
  changes: DashboardChanges
}

/** Returns the same services; each end is recorded, with the surface that requested it. */
export function recordEndings({ history, current, ending, changes }: RecordedDeps): {
  ending: EndingService
  changes: DashboardChanges
} {
  const chosen = (ids: readonly string[]): Instance[] =>
    current().instances.filter(({ id }) => ids.includes(id))
  return {
    ending: {
      ...ending,
      end: (request) =>
        history.recordEnding(chosen(request.ids), request.by ?? 'page', () => ending.end(request)),
    },
    changes: {
      ...changes,
      async shutdown(id) {
        const [instance] = chosen([id])
        if (!instance) return changes.shutdown(id)
        let hasEnded = false
        await history.recordEnding([instance], 'page', async () => {
          ;({ hasEnded } = await changes.shutdown(id))
          return receiptOf(instance, hasEnded)
        })
        return { hasEnded }
      },
    },
  }
}

/** A shutdown through its dashboard, as a receipt. */
function receiptOf({ id, title, pid, processCount, memoryBytes }: Instance, hasEnded: boolean): Receipt {
  const freedBytes = memoryBytes ?? 0
  const ended = { id, title, how: 'shutdown' as const, processes: processCount, freedBytes, launch: null }
  return {
    schema: RECEIPT_VERSION,
    ended: hasEnded ? [ended] : [],
    refused: [],
    survivors: hasEnded
      ? []
      : [{ pid: pid ?? 0, why: 'It received the shutdown request and is still running.' }],
  }
}
