// An intended change -> the smallest steps that make it, and the value that must result. Pure.
import { isDeepStrictEqual } from 'node:util'
import { type Fields, isFields } from '../../lib/fields.ts'
import type { ConfigChange } from './config-change.ts'
import { valueAt } from './plain-values.ts'

export type Path = readonly (string | number)[]

/** One edit of the text. */
export type ChangeStep =
  | { kind: 'replace'; path: Path; value: unknown }
  /** A new key of a map; the last part of the path. */
  | { kind: 'insert'; path: Path; value: unknown }
  | { kind: 'remove'; path: Path }
  | { kind: 'insert-items'; path: Path; at: number; values: readonly unknown[] }
  | { kind: 'remove-items'; path: Path; at: number; count: number }

/** Null: the change cannot be made, because a value on the way is no map and no list. */
export function stepsOf(root: unknown, change: ConfigChange): ChangeStep[] | null {
  const { kind, path } = change
  const now = valueAt(root, path)
  if (kind === 'remove') return now === undefined ? [] : [removalOf(root, path)]
  if (kind === 'append' && Array.isArray(now))
    return [{ kind: 'insert-items', path, at: now.length, values: [change.value] }]
  if (kind === 'append' && now !== undefined && now !== null) return null
  const value = kind === 'append' ? [change.value] : change.value
  return now === undefined ? additionOf(root, path, value) : differences(now, value, path)
}

function removalOf(root: unknown, path: Path): ChangeStep {
  const last = path.at(-1)
  return typeof last === 'number' && Array.isArray(valueAt(root, path.slice(0, -1)))
    ? { kind: 'remove-items', path: path.slice(0, -1), at: last, count: 1 }
    : { kind: 'remove', path }
}

/** Creates the keys on the way. */
function additionOf(root: unknown, path: Path, value: unknown): ChangeStep[] | null {
  const [last, ...above] = [path.at(-1), ...path.slice(0, -1)]
  if (last === undefined) return null
  const parent = valueAt(root, above)
  if (parent === undefined)
    return typeof last === 'string' ? additionOf(root, above, { [last]: value }) : null
  if (Array.isArray(parent))
    return last === parent.length ? [{ kind: 'insert-items', path: above, at: last, values: [value] }] : null
  if (typeof last !== 'string') return null
  if (parent === null && above.length > 0) return [{ kind: 'replace', path: above, value: { [last]: value } }]
  return isFields(parent) ? [{ kind: 'insert', path, value }] : null
}

function differences(before: unknown, after: unknown, path: Path): ChangeStep[] {
  if (isDeepStrictEqual(before, after)) return []
  if (isFields(before) && isFields(after)) return ofMaps(before, after, path)
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path)
  return [{ kind: 'replace', path, value: after }]
}

function ofMaps(before: Fields, after: Fields, path: Path): ChangeStep[] {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  const kept = Object.keys(after).filter((key) => Object.hasOwn(before, key))
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key))
  return [
    ...kept.flatMap((key) => differences(before[key], after[key], [...path, key])),
    ...added.map((key): ChangeStep => ({ kind: 'insert', path: [...path, key], value: after[key] })),
    ...gone.map((key): ChangeStep => ({ kind: 'remove', path: [...path, key] })),
  ]
}

function ofLists(before: readonly unknown[], after: readonly unknown[], path: Path): ChangeStep[] {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && isDeepStrictEqual(before[start], after[start])) start += 1
  let end = 0
  while (end < shorter - start && isDeepStrictEqual(before.at(-1 - end), after.at(-1 - end))) end += 1
  const old = before.slice(start, before.length - end)
  const fresh = after.slice(start, after.length - end)
  const common = Math.min(old.length, fresh.length)
  const steps = fresh.slice(0, common).flatMap((value, i) => differences(old[i], value, [...path, start + i]))
  const at = start + common
  if (old.length > common) steps.push({ kind: 'remove-items', path, at, count: old.length - common })
  if (fresh.length > common) steps.push({ kind: 'insert-items', path, at, values: fresh.slice(common) })
  return steps
}

/** Returns the value after a step. `root` is changed. */
export function applyStep(root: unknown, step: ChangeStep): unknown {
  if (step.kind === 'insert-items' || step.kind === 'remove-items') {
    const list = valueAt(root, step.path) as unknown[]
    if (step.kind === 'insert-items') list.splice(step.at, 0, ...structuredClone(step.values))
    else list.splice(step.at, step.count)
    return root
  }
  const last = step.path.at(-1)
  if (last === undefined) return step.kind === 'remove' ? {} : structuredClone(step.value)
  const parent = valueAt(root, step.path.slice(0, -1)) as Record<string | number, unknown>
  if (step.kind === 'remove') delete parent[last]
  else parent[last] = structuredClone(step.value)
  return root
}
