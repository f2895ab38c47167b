// The receipt of an ending in words. Pure.
import { leftRunningText, type Receipt } from '#contract/ending'
import { countEntries, METHOD_WORDS } from '#contract/ending-words'
import { countOf, formatBytes, processesOf } from '#contract/units'

/** Merges the receipts of several requests. */
export const mergeReceipts = ([first, ...others]: readonly [Receipt, ...Receipt[]]): Receipt => ({
  ...first,
  ended: [first, ...others].flatMap(({ ended }) => ended),
  refused: [first, ...others].flatMap(({ refused }) => refused),
  survivors: [first, ...others].flatMap(({ survivors }) => survivors),
  leftRunning: [first, ...others].flatMap(({ leftRunning = [] }) => leftRunning),
})

/** Returns `Ended 2 instances, freed 350 MB.`, `Removed 1 entry.`, or both. */
export function doneText({ ended }: Receipt): string {
  const entries = ended.filter(({ how }) => how === 'entry-removed').length
  const freed = ended.reduce((sum, { freedBytes }) => sum + freedBytes, 0)
  return [
    ...(entries < ended.length || entries === 0
      ? [`Ended ${countOf(ended.length - entries, 'instance')}, freed ${formatBytes(freed)}.`]
      : []),
    ...(entries > 0 ? [`Removed ${countEntries(entries)}.`] : []),
  ].join(' ')
}

/** Returns the receipt as plain text, for the clipboard. */
export function receiptText(receipt: Receipt, titleOf: (id: string) => string = (id) => id): string {
  const { ended, refused, survivors, leftRunning = [] } = receipt
  return [
    doneText(receipt),
    ...ended.flatMap(({ title, how, processes, launch, launchProblem }) => [
      `  ${title}: ${METHOD_WORDS[how]}${processes === 0 ? '' : `, ${processesOf(processes)}`}`,
      ...(launch === null ? [] : [`    started with: ${launch}`]),
      ...(launch === null || !launchProblem ? [] : [`    ${launchProblem}`]),
    ]),
    ...refused.map(({ id, why }) => `  not ended: ${titleOf(id)}: ${why}`),
    ...survivors.map(({ pid, why }) => `  still running: process ${pid}: ${why}`),
    ...(leftRunning.length === 0 ? [] : [`  left running: ${leftRunningText(leftRunning)}`]),
  ].join('\n')
}

/** Returns the launch commands of all ended instances, one per line; empty: none is known. */
export const launchText = ({ ended }: Receipt): string =>
  ended.flatMap(({ launch, launchProblem }) => (launch === null || launchProblem ? [] : [launch])).join('\n')
