// What an instance used in the last hour, in words: the text alternative of its curves. Pure.

import { formatBytes } from '#contract/units'
import type { InstanceUsage } from '#contract/usage'

/** Returns `Memory in the last hour: 180 MB to 191 MB`; empty: nothing is known. */
export function memoryTraceWords(usage: Pick<InstanceUsage, 'memoryMb'> | undefined): string {
  const range = rangeOf(usage?.memoryMb ?? [])
  if (range === null) return ''
  const [least, most] = range.map((mb) => formatBytes(mb * 1e6))
  return `Memory in the last hour: ${least === most ? least : `${least} to ${most}`}`
}

/** Returns `CPU in the last hour: up to 34 %`; empty: nothing is known. */
export function cpuTraceWords(usage: Pick<InstanceUsage, 'cpuPercent'> | undefined): string {
  const range = rangeOf(usage?.cpuPercent ?? [])
  return range === null ? '' : `CPU in the last hour: up to ${range[1]} %`
}

/** Returns the samples with unknown ones before them, so that all curves cover the same time. */
export function paddedSamples(
  samples: readonly (number | null)[] | undefined,
  count: number,
): readonly (number | null)[] {
  const known = samples ?? []
  return known.length >= count
    ? known.slice(known.length - count)
    : [...Array.from({ length: count - known.length }, () => null), ...known]
}

/** Null: nothing is known. */
function rangeOf(samples: readonly (number | null)[]): [number, number] | null {
  const known = samples.filter((one) => one !== null)
  return known.length === 0 ? null : [Math.min(...known), Math.max(...known)]
}
