// What a change has done to the values of a configuration, and how to undo exactly that when the client has saved its file since.
// Pure.
import { isDeepStrictEqual } from 'node:util'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import { isFields } from '../lib/fields.ts'

/** One value that differs. Without `before` it was added, without `after` it was removed. A list counts as one value. */
export interface ConfigDifference {
  path: readonly string[]
  before?: unknown
  after?: unknown
}

/**
 * Returns the differences of two values, each as deep as possible. `isAbove`: something below that path was added on purpose, so that
 * what is around it does not count as added.
 */
export function differencesOf(
  before: unknown,
  after: unknown,
  isAbove: (path: readonly string[]) => boolean = () => false,
  path: readonly string[] = [],
): ConfigDifference[] {
  if (isDeepStrictEqual(before, after)) return []
  if (!isFields(before) || !isFields(after)) return [{ path, before, after }]
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key): ConfigDifference[] => {
    const at = [...path, key]
    const [old, now] = [before[key], after[key]]
    if (!Object.hasOwn(before, key))
      return isFields(now) && isAbove(at) ? differencesOf({}, now, isAbove, at) : [{ path: at, after: now }]
    if (!Object.hasOwn(after, key)) return [{ path: at, before: old }]
    return differencesOf(old, now, isAbove, at)
  })
}

/**
 * Returns the changes that take the differences back; null: a value is no longer the one that was written, so that it belongs to
 * the program or user that changed it.
 */
export function takenBack(current: unknown, differences: readonly ConfigDifference[]): ConfigChange[] | null {
  const isOurs = differences.every(({ path, ...one }) => {
    const found = valueAt(current, path)
    return 'after' in one ? found.exists && isDeepStrictEqual(found.value, one.after) : !found.exists
  })
  if (!isOurs || differences.some(({ path }) => path.length === 0)) return null
  return differences.map(({ path, ...one }) =>
    'before' in one ? { kind: 'set', path, value: one.before } : { kind: 'remove', path },
  )
}

function valueAt(value: unknown, path: readonly string[]): { exists: boolean; value: unknown } {
  let at = value
  for (const key of path) {
    if (!isFields(at) || !Object.hasOwn(at, key)) return { exists: false, value: undefined }
    at = at[key]
  }
  return { exists: true, value: at }
}
