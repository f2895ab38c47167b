// What the page offers to end because it is unused: always by a preview, never by itself. Pure.
import type { Instance } from '#contract/instance'
import { countOf } from '#contract/units'
import { isQuietFor, quietSinceMs } from '#contract/use'
import type { PageDialog } from '../page-context.ts'

export const UNUSED_SPANS = [
  { words: '1 h', spanMs: 3_600_000 },
  { words: '5 h', spanMs: 5 * 3_600_000 },
  { words: '1 d', spanMs: 86_400_000 },
] as const

/** The spans for which there are unused ones, with those. */
export function unusedBySpan(
  instances: readonly Instance[],
  nowMs: number,
): { words: string; unused: readonly Instance[] }[] {
  return UNUSED_SPANS.map(({ words, spanMs }) => ({
    words,
    unused: instances.filter((one) => isQuietFor(one, spanMs, nowMs)),
  })).filter(({ unused }) => unused.length > 0)
}

/** `End the 27 unused …` */
export const unusedLabel = (count: number): string => `End the ${count} unused …`

/** The preview of the end of these; what is used until then is left alone. */
export function unusedEnding(unused: readonly Instance[]): PageDialog {
  const latestMs = Math.max(...unused.map((one) => quietSinceMs(one) ?? 0))
  return {
    kind: 'ending',
    title: `End ${countOf(unused.length, 'unused instance')}`,
    ids: unused.map(({ id }) => id),
    unusedSince: new Date(latestMs).toISOString(),
  }
}
