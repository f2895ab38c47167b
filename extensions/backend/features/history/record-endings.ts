// The services that end something, with the history told of it.
import type { Receipt } from '#contract/ending'
import { type Instance, type InstanceList, SCHEMA_VERSION } from '#contract/instance'
import type { DashboardChanges, EndingService } from '../../services.ts'
import type { HistoryKeeper } from './history.ts'

export interface RecordedDeps {
  history: Pick<HistoryKeeper, 'whileEnding'>
  current: () => InstanceList
  ending: EndingService
  changes: DashboardChanges
}

/** The same services; what they end is written down, with who asked for it. */
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
        history.whileEnding(chosen(request.ids), request.by ?? 'page', () => ending.end(request)),
    },
    changes: {
      ...changes,
      async shutdown(id) {
        const [instance] = chosen([id])
        if (!instance) return changes.shutdown(id)
        let hasEnded = false
        await history.whileEnding([instance], 'page', async () => {
          ;({ hasEnded } = await changes.shutdown(id))
          return receiptOf(instance, hasEnded)
        })
        return { hasEnded }
      },
    },
  }
}

/** Its own shutdown, as a receipt says it. */
function receiptOf({ id, title, pid, processCount, memoryBytes }: Instance, hasEnded: boolean): Receipt {
  const freedBytes = memoryBytes ?? 0
  const ended = { id, title, how: 'shutdown' as const, processes: processCount, freedBytes, launch: null }
  return {
    schema: SCHEMA_VERSION,
    ended: hasEnded ? [ended] : [],
    refused: [],
    survivors: hasEnded ? [] : [{ pid: pid ?? 0, why: 'It was asked to shut down and has not ended yet.' }],
  }
}
