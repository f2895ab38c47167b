// Many instances of one running client on one project share one row. Pure.
import type { Flag, Instance } from './instance.ts'
import { isNeverUsed, isQuietFor, UNUSED_MS } from './use.ts'
import { visibleLine } from './visible-text.ts'

/** Fewer instances keep a row each. */
export const GROUP_LEAST = 5

export interface InstanceGroup {
  /** Stable for the same client and project. */
  key: string
  /** In the order of the list. */
  members: readonly Instance[]
  neverUsed: readonly Instance[]
  /** Never used, old enough to be called unused, and not left alone: these are offered to be ended. */
  unused: readonly Instance[]
}

/** States that can share a row, and flags that need a row of their own. */
const GROUPED: readonly Instance['state'][] = ['live', 'idle', 'no-dashboard', 'starting']
const OWN_ROW: readonly Flag[] = [
  'probably-orphaned',
  'disconnected',
  'finishing',
  'stuck',
  'slow',
  'exposed',
]

/** An instance, or a group at the place of its first member. */
export type Row = { instance: Instance; group: null } | { instance: null; group: InstanceGroup }

/** Returns the rows of a list, in its order. */
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
  return {
    key,
    members,
    neverUsed,
    unused: neverUsed.filter((one) => one.isLeftAlone !== true && isQuietFor(one, UNUSED_MS, nowMs)),
  }
}

/** Returns the key of its client and project; null: it has a row of its own. */
function keyOf({ owner, project, transport, state, flags, hubSerena }: Instance): string | null {
  // The hub is not a client: each of its Serenas has clients of its own.
  if (hubSerena !== undefined || owner === null || project === null || (transport ?? 'stdio') !== 'stdio')
    return null
  if (!GROUPED.includes(state) || flags.some((flag) => OWN_ROW.includes(flag))) return null
  return `${owner.pid} ${owner.name} ${project.path ?? project.name}`
}

/** Returns `28 × Codex for big · 27 never used`. */
export function groupWords({ members, neverUsed }: InstanceGroup): string {
  const [first] = members
  const words = `${members.length} × ${first?.owner?.name ?? ''} for ${first?.project?.name ?? ''}`
  return visibleLine(neverUsed.length === 0 ? words : `${words} · ${neverUsed.length} never used`)
}

/** Returns the value that all members share; null: they differ. */
export function commonOf<Value>({ members }: InstanceGroup, valueOf: (one: Instance) => Value): Value | null {
  const values = new Set(members.map(valueOf))
  const [value] = values
  return values.size === 1 && value !== undefined ? value : null
}

/** Returns the flags of the members, each once. */
export const flagsOfGroup = ({ members }: InstanceGroup): Flag[] => [
  ...new Set(members.flatMap(({ flags }) => flags)),
]
