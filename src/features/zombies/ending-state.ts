// What stands in the dialog while instances are chosen and ended. Pure.
import {
  type EndingPlanItem,
  type EndingStep,
  type EndRequest,
  leftRunningText,
  type Receipt,
} from '#contract/ending'
import { countOf, formatBytes, processesOf } from '#contract/units'

export interface Chosen {
  count: number
  /** How many of them are entries without a process. */
  entries: number
  processes: number
  /** Null: of none is it known. */
  bytes: number | null
}

/** The sums over what is checked. */
export function chosenOf(plan: readonly EndingPlanItem[], checked: ReadonlySet<string>): Chosen {
  const items = plan.filter(({ id }) => checked.has(id))
  const known = items.map(({ memoryBytes }) => memoryBytes).filter((bytes) => bytes !== null)
  return {
    count: items.length,
    entries: items.filter(({ how }) => how === 'entry-removed').length,
    processes: items.reduce((sum, { processes }) => sum + processes, 0),
    bytes: known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0),
  }
}

type Scope = NonNullable<EndRequest['scope']>

/** What is asked for: those that were red when they were shown apart from those that were not. */
export const requestsOf = (
  checked: ReadonlySet<string>,
  scopes: ReadonlyMap<string, Scope>,
  includesChildren = false,
): EndRequest[] =>
  (['red', 'named'] as const)
    .map((scope) => ({
      scope,
      ids: [...checked].filter((id) => (scopes.get(id) ?? 'red') === scope),
      ...(includesChildren && { includeChildren: true }),
    }))
    .filter(({ ids }) => ids.length > 0)

/** One receipt of several. */
export const receiptOf = ([first, ...others]: readonly [Receipt, ...Receipt[]]): Receipt => ({
  ...first,
  ended: [first, ...others].flatMap(({ ended }) => ended),
  refused: [first, ...others].flatMap(({ refused }) => refused),
  survivors: [first, ...others].flatMap(({ survivors }) => survivors),
  leftRunning: [first, ...others].flatMap(({ leftRunning = [] }) => leftRunning),
})

/** What the checked ones leave running. */
export const leftRunningOf = (
  plan: readonly EndingPlanItem[],
  checked: ReadonlySet<string>,
): NonNullable<EndingPlanItem['leftRunning']> =>
  plan.filter(({ id }) => checked.has(id)).flatMap(({ leftRunning = [] }) => leftRunning)

/** `3 processes, frees 1.3 GB`; entries alone free nothing, and it says nothing of it. */
export function sumWords({ processes, bytes }: Pick<Chosen, 'processes' | 'bytes'>): string {
  if (processes === 0) return ''
  const words = processesOf(processes)
  return bytes === null ? words : `${words}, frees ${formatBytes(bytes)}`
}

const entriesOf = (count: number): string => countOf(count, 'entry', 'entries')

/** `End 2 instances`; of entries alone nothing ends: `Remove 1 entry`. */
export const endWords = ({ count, entries }: Pick<Chosen, 'count' | 'entries'>): string =>
  count > 0 && entries === count ? `Remove ${entriesOf(count)}` : `End ${countOf(count, 'instance')}`

/** `Ended 2, freed 350 MB.`, `Removed 1 entry.`, or both. */
export function doneWords({ ended }: Receipt): string {
  const entries = ended.filter(({ how }) => how === 'entry-removed').length
  const freed = ended.reduce((sum, { freedBytes }) => sum + freedBytes, 0)
  return [
    ...(entries < ended.length || entries === 0
      ? [`Ended ${ended.length - entries}, freed ${formatBytes(freed)}.`]
      : []),
    ...(entries > 0 ? [`Removed ${entriesOf(entries)}.`] : []),
  ].join(' ')
}

/** How one stands. Each step tells its own sentence; why one was left alone does not say that it was. */
export const stepWords = ({ step, text }: { step: EndingStep; text: string }): string =>
  step === 'refused' ? `Left alone: ${text}` : text

const HOW_WORDS: Readonly<Record<EndingPlanItem['how'], string>> = {
  shutdown: 'by its own shutdown',
  terminate: 'by a signal',
  force: 'by force',
  'entry-removed': 'its entry is removed',
}

/** `3 processes · 1.3 GB · by a signal`: an entry frees nothing, and of what is not ended nothing is said to be done. */
export function itemWords({ processes, memoryBytes, how, refusal }: EndingPlanItem): string {
  const parts = processes === 0 ? [] : [processesOf(processes), formatBytes(memoryBytes)]
  return [...parts, ...(refusal === null ? [HOW_WORDS[how]] : [])].join(' · ')
}

/** How it ended, after its title. */
export const DONE_WORDS: Readonly<Record<EndingPlanItem['how'], string>> = {
  shutdown: 'By its own shutdown',
  terminate: 'By a signal',
  force: 'By force',
  'entry-removed': 'Its entry was removed',
}

/** The receipt as text, to be copied. */
export function receiptText(receipt: Receipt, titleOf: (id: string) => string = (id) => id): string {
  const { ended, refused, survivors, leftRunning = [] } = receipt
  return [
    doneWords(receipt),
    ...ended.flatMap(({ title, how, processes, launch }) => [
      `  ${title}: ${how === 'entry-removed' ? 'its entry was removed' : `${how}, ${processesOf(processes)}`}`,
      ...(launch === null ? [] : [`    started with: ${launch}`]),
    ]),
    ...refused.map(({ id, why }) => `  not ended: ${titleOf(id)}: ${why}`),
    ...survivors.map(({ pid, why }) => `  survivor: process ${pid}: ${why}`),
    ...(leftRunning.length === 0 ? [] : [`  left running: ${leftRunningText(leftRunning)}`]),
  ].join('\n')
}

/** The launch commands of all that ended, a line each; empty: none is known. */
export const launchText = ({ ended }: Receipt): string =>
  ended.flatMap(({ launch }) => (launch === null ? [] : [launch])).join('\n')
