// The plan of an ending: selection, totals and requests. Pure.
import type { EndingPlanItem, EndingStep, EndRequest } from '#contract/ending'
import { countEntries, METHOD_WORDS } from '#contract/ending-words'
import { countOf, formatBytes, processesOf } from '#contract/units'

export interface PlanTotals {
  count: number
  /** The number of entries without a process among them. */
  entries: number
  processes: number
  /** Null: not known for any. */
  bytes: number | null
}

/** Returns the sums over the checked items. */
export function totalsOf(plan: readonly EndingPlanItem[], checked: ReadonlySet<string>): PlanTotals {
  const items = plan.filter(({ id }) => checked.has(id))
  const known = items.map(({ memoryBytes }) => memoryBytes).filter((bytes) => bytes !== null)
  return {
    count: items.length,
    entries: items.filter(({ how }) => how === 'entry-removed').length,
    processes: items.reduce((sum, { processes }) => sum + processes, 0),
    bytes: known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0),
  }
}

export type EndingScope = NonNullable<EndRequest['scope']>

/** Returns the requests for the checked instances: one for those that were red when the dialog was opened, one for the others. */
export const requestsOf = (
  checked: ReadonlySet<string>,
  scopes: ReadonlyMap<string, EndingScope>,
  includesChildren = false,
): EndRequest[] =>
  (['red', 'named'] as const)
    .map((scope) => ({
      scope,
      ids: [...checked].filter((id) => (scopes.get(id) ?? 'red') === scope),
      ...(includesChildren && { includeChildren: true }),
    }))
    .filter(({ ids }) => ids.length > 0)

/** Returns the child processes of the checked instances that would be left running. */
export const leftRunningOf = (
  plan: readonly EndingPlanItem[],
  checked: ReadonlySet<string>,
): NonNullable<EndingPlanItem['leftRunning']> =>
  plan.filter(({ id }) => checked.has(id)).flatMap(({ leftRunning = [] }) => leftRunning)

/**
 * Returns the ids that are checked at first. `isNamed`, for instances that the user selected: all that can be ended, but for what is
 * left alone, which the user confirms one by one.
 */
export const initiallyChecked = (plan: readonly EndingPlanItem[], isNamed: boolean): ReadonlySet<string> =>
  new Set(
    plan
      .filter((item) => item.checked || (isNamed && item.refusal === null && !item.isLeftAlone))
      .map(({ id }) => id),
  )

/** Returns `3 processes, frees 1.3 GB`; empty for entries only, which free nothing. */
export function totalsText({ processes, bytes }: Pick<PlanTotals, 'processes' | 'bytes'>): string {
  if (processes === 0) return ''
  const words = processesOf(processes)
  return bytes === null ? words : `${words}, frees ${formatBytes(bytes)}`
}

/** Returns `End 2 instances`; `Remove 1 entry` if only entries are selected. */
export const endLabel = ({ count, entries }: Pick<PlanTotals, 'count' | 'entries'>): string =>
  count > 0 && entries === count ? `Remove ${countEntries(entries)}` : `End ${countOf(count, 'instance')}`

/** Returns the progress of one instance. The text of a refusal gives the reason only. */
export const stepText = ({ step, text }: { step: EndingStep; text: string }): string =>
  step === 'refused' ? `Not ended: ${text}` : text

/** Returns `3 processes · 1.3 GB · SIGTERM`; without a method if the item cannot be ended. */
export function itemText({ processes, memoryBytes, how, refusal }: EndingPlanItem): string {
  const parts = processes === 0 ? [] : [processesOf(processes), formatBytes(memoryBytes)]
  return [...parts, ...(refusal === null ? [METHOD_WORDS[how]] : [])].join(' · ')
}
