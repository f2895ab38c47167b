// What stands in the dialog while instances are chosen and ended. Pure.
import type { EndingPlanItem, EndingStep, Receipt } from '#contract/ending'
import { countOf, formatBytes, processesOf } from '#contract/units'

export interface Chosen {
  count: number
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
    processes: items.reduce((sum, { processes }) => sum + processes, 0),
    bytes: known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0),
  }
}

/** `3 processes, frees 1.3 GB`; entries alone free nothing, and it says nothing of it. */
export function sumWords({ processes, bytes }: Chosen): string {
  if (processes === 0) return ''
  const words = processesOf(processes)
  return bytes === null ? words : `${words}, frees ${formatBytes(bytes)}`
}

/** `End 2 instances`, `End 1 instance`. */
export const endWords = (count: number): string => `End ${countOf(count, 'instance')}`

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
export function receiptText(
  { ended, refused, survivors }: Receipt,
  titleOf: (id: string) => string = (id) => id,
): string {
  const freed = ended.reduce((sum, { freedBytes }) => sum + freedBytes, 0)
  return [
    `Ended ${ended.length}, freed ${Math.round(freed / 1e6)} MB`,
    ...ended.flatMap(({ title, how, processes, launch }) => [
      `  ${title}: ${how}, ${processesOf(processes)}`,
      ...(launch === null ? [] : [`    started with: ${launch}`]),
    ]),
    ...refused.map(({ id, why }) => `  not ended: ${titleOf(id)}: ${why}`),
    ...survivors.map(({ pid, why }) => `  survivor: process ${pid}: ${why}`),
  ].join('\n')
}

/** The launch commands of all that ended, a line each; empty: none is known. */
export const launchText = ({ ended }: Receipt): string =>
  ended.flatMap(({ launch }) => (launch === null ? [] : [launch])).join('\n')
