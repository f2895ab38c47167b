// Several fixes for one file -> one list of changes. Each fix was made for the file as it is: a change that an earlier one has moved is
// adapted, and a fix that contradicts an earlier one waits for the next run. Pure.
import { isDeepStrictEqual } from 'node:util'
import { diffArrays } from 'diff'
import type { ConfigChange } from '../clients/configs/config-change.ts'

type Path = ConfigChange['path']
/** `done`: nothing is left to do. */
type Adapted = ConfigChange | 'done' | 'conflict'

export interface MergedFixes {
  changes: readonly ConfigChange[]
  /** For each fix in order: whether its changes are in the list. */
  isTaken: readonly boolean[]
}

/** Returns the changes of all fixes of one file. `valueAt` reads the value of the file as it is. */
export function mergeFixes(
  fixes: readonly (readonly ConfigChange[])[],
  valueAt: (path: Path) => unknown,
): MergedFixes {
  let changes: readonly ConfigChange[] = []
  const isTaken = fixes.map((fix) => {
    const merged = withFix(changes, fix, valueAt)
    if (merged !== null) changes = merged
    return merged !== null
  })
  return { changes, isTaken }
}

/** Null: a change of the fix contradicts one of an earlier fix. */
function withFix(
  earlier: readonly ConfigChange[],
  fix: readonly ConfigChange[],
  valueAt: (path: Path) => unknown,
): readonly ConfigChange[] | null {
  const adapted: ConfigChange[] = []
  for (const change of fix) {
    const one = adapt(change, earlier, valueAt)
    if (one === 'conflict') return null
    if (one !== 'done') adapted.push(one)
  }
  return [...earlier, ...adapted]
}

function adapt(
  change: ConfigChange,
  earlier: readonly ConfigChange[],
  valueAt: (path: Path) => unknown,
): Adapted {
  let adapted: Adapted = change
  for (const done of earlier) {
    if (adapted === 'done' || adapted === 'conflict') return adapted
    adapted = afterOne(adapted, done, valueAt)
  }
  return adapted
}

function afterOne(change: ConfigChange, done: ConfigChange, valueAt: (path: Path) => unknown): Adapted {
  // The same element of a list, removed twice.
  if (done.kind !== 'append' && isDeepStrictEqual(change, done)) return 'done'
  if (done.kind === 'append')
    return change.kind !== 'set' || !isBelow(done.path, change.path) ? change : 'conflict'
  if (done.kind === 'remove') return afterRemoval(change, done.path)
  if (isDeepStrictEqual(change.path, done.path)) return afterSet(change, done, valueAt)
  if (isBelow(change.path, done.path)) return 'conflict'
  return change.kind === 'set' && isBelow(done.path, change.path) ? 'conflict' : change
}

/** The elements after a removed one have moved. */
function afterRemoval(change: ConfigChange, removed: Path): Adapted {
  if (isBelow(change.path, removed)) return 'done'
  const index = removed.at(-1)
  const list = removed.slice(0, -1)
  if (typeof index !== 'number')
    return change.kind === 'set' && isBelow(removed, change.path) ? 'conflict' : change
  if (change.kind === 'set' && isBelow(list, change.path)) return 'conflict'
  const at = change.path[list.length]
  if (!isBelow(change.path, list) || typeof at !== 'number' || at < index) return change
  return { ...change, path: [...list, at - 1, ...change.path.slice(list.length + 1)] }
}

/** Two new values of one list are merged by their elements. */
function afterSet(
  change: ConfigChange,
  done: Extract<ConfigChange, { kind: 'set' }>,
  valueAt: (path: Path) => unknown,
): Adapted {
  if (change.kind !== 'set') return change
  const merged = mergedLists(valueAt(done.path), done.value, change.value)
  return merged === null ? 'conflict' : { ...change, value: merged }
}

interface Replacement {
  start: number
  end: number
  by: readonly unknown[]
}

/** Null: both lists replace the same elements of the original, or one of them is not a list of texts. */
function mergedLists(original: unknown, first: unknown, second: unknown): unknown[] | null {
  if (!isTexts(original) || !isTexts(first) || !isTexts(second)) return null
  const all = [...replacementsOf(original, first), ...replacementsOf(original, second)]
  const each = all.filter((one, at) => !all.slice(0, at).some((other) => isDeepStrictEqual(one, other)))
  const sorted = each.toSorted((a, b) => a.start - b.start || a.end - b.end)
  if (sorted.some((one, at) => at > 0 && one.start < (sorted[at - 1]?.end ?? 0))) return null
  return sorted
    .toReversed()
    .reduce<unknown[]>((list, { start, end, by }) => list.toSpliced(start, end - start, ...by), [...original])
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

function replacementsOf(original: readonly string[], edited: readonly string[]): Replacement[] {
  const found: Replacement[] = []
  let at = 0
  for (const { added, removed, value } of diffArrays([...original], [...edited])) {
    const last = found.at(-1)
    const isNext = last !== undefined && last.end === at
    if (removed) {
      if (isNext) last.end += value.length
      else found.push({ start: at, end: at + value.length, by: [] })
      at += value.length
    } else if (added) {
      if (isNext) last.by = [...last.by, ...value]
      else found.push({ start: at, end: at, by: value })
    } else at += value.length
  }
  return found
}

/** True for the path itself and for every path below it. */
const isBelow = (path: Path, root: Path): boolean =>
  path.length >= root.length && root.every((key, at) => path[at] === key)
