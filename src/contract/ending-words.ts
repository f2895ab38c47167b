// What ending instances is called. Pure.
import type { EndingWay } from './ending.ts'
import type { Instance } from './instance.ts'
import { countOf } from './units.ts'
import { visibleLine } from './visible-text.ts'

type Ended = Pick<Instance, 'title' | 'state'>

/** Returns `Remove` for dead instances: they have no process, so only their entries are removed. */
export const endingVerb = (instances: readonly Ended[]): 'End' | 'Remove' =>
  instances.length > 0 && instances.every(({ state }) => state === 'dead') ? 'Remove' : 'End'

export const countEntries = (count: number): string => countOf(count, 'entry', 'entries')

/** Returns `End 24284 - shop`, `Remove the entry of 4263 - forgotten`, `End 2 instances`. */
export function endingTitle(instances: readonly Ended[]): string {
  const verb = endingVerb(instances)
  const [one, ...others] = instances
  if (!one || others.length > 0)
    return `${verb} ${verb === 'End' ? countOf(instances.length, 'instance') : countEntries(instances.length)}`
  return verb === 'End' ? `End ${visibleLine(one.title)}` : `Remove the entry of ${visibleLine(one.title)}`
}

/** How an instance is ended, without a verb, for plans, receipts and the history. */
export const METHOD_WORDS: Readonly<Record<EndingWay, string>> = {
  shutdown: 'graceful shutdown',
  terminate: 'SIGTERM',
  force: 'SIGKILL',
  'entry-removed': 'entry removal',
}
