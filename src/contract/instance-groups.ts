// Many instances of one running client on one project: one row instead of one each. Pure.
import type { Flag, Instance } from './instance.ts'
import { isNeverUsed, isQuietFor, UNUSED_MS } from './use.ts'
import { visibleLine } from './visible-text.ts'

/** Fewer stay rows of their own. */
export const GROUP_LEAST = 5

export interface InstanceGroup {
  /** The same while the client and the project are. */
  key: string
  /** In the order they were given. */
  members: readonly Instance[]
  neverUsed: readonly Instance[]
  /** Never used, and old enough to be called unused. */
  unused: readonly Instance[]
}

/** States and flags that a person has to see of each instance. */
const GROUPED: readonly Instance['state'][] = ['live', 'idle', 'no-dashboard', 'starting']
const OWN_ROW: readonly Flag[] = [
  'probably-orphaned',
  'disconnected',
  'finishing',
  'stuck',
  'slow',
  'exposed',
]

/** An instance, or a group in the place of its first member. */
export type Row = { instance: Instance; group: null } | { instance: null; group: InstanceGroup }

/** The rows of a list, in its order. */
export function rowsOf(instances: readonly Instance[], nowMs: number): readonly Row[] {
  const byKey = new Map<string, Instance[]>()
  for (const instance of instances) {
    const key = keyOf(instance)
    if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), instance])
  }
  const done = new Set<string>()
  return instances.flatMap((instance): Row[] => {
    const key = keyOf(instance)
    const members = key === null ? [] : (byKey.get(key) ?? [])
    if (key === null || members.length < GROUP_LEAST) return [{ instance, group: null }]
    if (done.has(key)) return []
    done.add(key)
    return [{ instance: null, group: groupOf(key, members, nowMs) }]
  })
}

function groupOf(key: string, members: readonly Instance[], nowMs: number): InstanceGroup {
  const neverUsed = members.filter((one) => isNeverUsed(one, nowMs))
  return { key, members, neverUsed, unused: neverUsed.filter((one) => isQuietFor(one, UNUSED_MS, nowMs)) }
}

/** One running client and one project; null: it has a row of its own. */
function keyOf({ owner, project, transport, state, flags }: Instance): string | null {
  if (owner === null || project === null || (transport ?? 'stdio') !== 'stdio') return null
  if (!GROUPED.includes(state) || flags.some((flag) => OWN_ROW.includes(flag))) return null
  return `${owner.pid} ${owner.name} ${project.path ?? project.name}`
}

/** `28 × Codex for big · 27 never used`. */
export function groupWords({ members, neverUsed }: InstanceGroup): string {
  const [first] = members
  const words = `${members.length} × ${first?.owner?.name ?? ''} for ${first?.project?.name ?? ''}`
  return visibleLine(neverUsed.length === 0 ? words : `${words} · ${neverUsed.length} never used`)
}

/** The value that all members have; null: they differ. */
export function commonOf<Value>({ members }: InstanceGroup, valueOf: (one: Instance) => Value): Value | null {
  const values = new Set(members.map(valueOf))
  const [value] = values
  return values.size === 1 && value !== undefined ? value : null
}

/** The flags of the members, each once. */
export const flagsOfGroup = ({ members }: InstanceGroup): Flag[] => [
  ...new Set(members.flatMap(({ flags }) => flags)),
]
