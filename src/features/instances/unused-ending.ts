// Unused instances that the page suggests ending, always after a confirmation. Pure.
import type { Instance } from '#contract/instance'
import { countOf } from '#contract/units'
import { isQuietFor, quietSinceMs } from '#contract/use'
import type { PageDialog } from '../../state/page-dialog.ts'

const UNUSED_SPANS = [
  { words: '1 h', spanMs: 3_600_000 },
  { words: '5 h', spanMs: 5 * 3_600_000 },
  { words: '1 d', spanMs: 86_400_000 },
] as const

/** Returns each time span that has unused instances, with these instances; without those that are left alone. */
export function unusedBySpan(
  instances: readonly Instance[],
  nowMs: number,
): { words: string; unused: readonly Instance[] }[] {
  return UNUSED_SPANS.map(({ words, spanMs }) => ({
    words,
    unused: instances.filter((one) => one.isLeftAlone !== true && isQuietFor(one, spanMs, nowMs)),
  })).filter(({ unused }) => unused.length > 0)
}

/** Returns the dialog that ends these instances. An instance that is used before the user confirms is not ended. */
export function unusedEnding(unused: readonly Instance[]): PageDialog {
  const latestMs = Math.max(...unused.map((one) => quietSinceMs(one) ?? 0))
  return {
    kind: 'ending',
    title: `End ${countOf(unused.length, 'unused instance')}`,
    ids: unused.map(({ id }) => id),
    unusedSince: new Date(latestMs).toISOString(),
  }
}
