// What each instance used in the last hour, for the curves of all views. Asked for while the page is visible.
import { type Accessor, createMemo } from 'solid-js'
import type { InstanceUsage, Usage } from '#contract/usage'
import { USAGE_STEP_MS } from '#contract/usage'
import type { Backend } from '../client/backend.ts'
import { createPolled } from './polled.ts'

export interface UsageStore {
  /** The last hour; undefined: not known yet. */
  all: Accessor<Usage | undefined>
  /** Returns the last hour of that instance; undefined: not known yet. */
  of(id: string): InstanceUsage | undefined
}

/** Creates the store, until the owner is disposed. `isActive` false: nothing is requested. */
export function createUsageStore(backend: Backend, isActive: Accessor<boolean>): UsageStore {
  const polled = createPolled({
    key: () => 'all',
    isActive,
    everyMs: USAGE_STEP_MS,
    request: (_, signal) => backend.call('usage', { signal }),
  })
  const byId = createMemo(() => new Map(polled.data()?.instances.map((one) => [one.id, one])))
  return { all: polled.data, of: (id) => byId().get(id) }
}
