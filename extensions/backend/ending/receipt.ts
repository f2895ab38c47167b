// The receipt of an ending, from the result for each instance. Pure.
import type { Receipt } from '#contract/ending'
import { RECEIPT_VERSION } from '#contract/versions'
import type { Outcome } from './outcome.ts'

/** By id: the start command of an instance, and why it no longer works. */
export type Launches = ReadonlyMap<string, { launch: string | null; launchProblem: string | null }>

export function receiptOf(outcomes: readonly Outcome[], launches: Launches): Receipt {
  const leftRunning = outcomes.flatMap((one) => one.leftRunning)
  return {
    schema: RECEIPT_VERSION,
    ended: outcomes.flatMap(({ ended }) =>
      ended.map((one) => ({ ...one, ...(launches.get(one.id) ?? { launch: null }) })),
    ),
    refused: outcomes.flatMap(({ refused }) => refused),
    survivors: outcomes.flatMap(({ survivors }) => survivors),
    ...(leftRunning.length > 0 && { leftRunning }),
  }
}
