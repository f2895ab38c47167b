// The result of one ending, as one part of the receipt.
import type { EndingStep, Receipt } from '#contract/ending'

export interface Outcome {
  ended: Omit<Receipt['ended'][number], 'launch'>[]
  refused: Receipt['refused']
  survivors: Receipt['survivors']
  leftRunning: NonNullable<Receipt['leftRunning']>
}

/** Publishes a step of an ending, with a sentence. */
export type ReportStep = (id: string, step: EndingStep, text: string) => void

export const emptyOutcome = (): Outcome => ({ ended: [], refused: [], survivors: [], leftRunning: [] })

/** Returns an outcome in which nothing was done. */
export function refuse(id: string, why: string, report: ReportStep): Outcome {
  report(id, 'refused', why)
  return { ...emptyOutcome(), refused: [{ id, why }] }
}
