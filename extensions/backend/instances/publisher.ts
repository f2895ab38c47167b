// When the list is published: at once after a round, and soon after news between rounds.
import type { InstanceChanges } from '#contract/events'
import { makeDelayed } from '../lib/delayed.ts'
import type { InstanceStore, ListParts } from './instance-store.ts'

/** Changes that arrive together are published together. */
const GATHER_NEWS_MS = 40

export interface Publisher {
  /** Publishes now. */
  publish(): void
  /** Publishes soon: new facts arrived. */
  request(): void
  /** Publishes the notices soon. */
  requestNotices(): void
  cancel(): void
}

/** Creates a publisher; `compute` returns the list of this moment. */
export function createPublisher(
  store: Pick<InstanceStore, 'publish' | 'publishNotices'>,
  compute: () => { list: ListParts; handovers: InstanceChanges['handovers'] },
): Publisher {
  const news = makeDelayed(publish, GATHER_NEWS_MS)
  const notices = makeDelayed(store.publishNotices, GATHER_NEWS_MS)

  function cancel(): void {
    news.cancel()
    notices.cancel()
  }

  function publish(): void {
    cancel()
    const { list, handovers } = compute()
    store.publish(list, handovers)
  }

  return { publish, request: news.request, requestNotices: notices.request, cancel }
}
