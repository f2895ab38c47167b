// Which instances of a group are in use, by their logs and their CPU time. Pure.
import { STATE_COLOUR } from '#contract/instance'
import type { GroupMember } from './group-facts.ts'

/** Log lines within this time after the start belong to the start. */
const SETTLED_MS = 30_000
/** An instance is unused if another one was used this much later than it, or than its start. */
const QUIET_MS = 5 * 60_000
const BUSY_PERCENT = 10

export interface Usage {
  count: number
  /** The instance in use; null: not known. */
  carrier: GroupMember | null
  /** Oldest first. */
  unused: readonly GroupMember[]
}

export const isZombie = ({ state }: GroupMember): boolean => STATE_COLOUR[state] === 'red'

/** Returns the last sign of use; null: none since its start. */
export function lastUseOf(
  { running, lastActivityAtMs, startedAtMs }: GroupMember,
  nowMs: number,
): number | null {
  if (running) return nowMs
  return lastActivityAtMs !== null && lastActivityAtMs - startedAtMs > SETTLED_MS ? lastActivityAtMs : null
}

export function usageOf(group: readonly GroupMember[], nowMs: number): Usage {
  const serving = group.filter((member) => !isZombie(member))
  const carrier = carrierOf(serving, nowMs)
  const count = group.length
  const zombies = group.filter(isZombie)
  if (zombies.length > 0) return { count, carrier, unused: serving.length > 0 ? zombies : [] }
  if (!carrier) return { count, carrier, unused: [] }
  const latest = lastUseOf(carrier, nowMs) ?? nowMs
  const isQuiet = (member: GroupMember): boolean =>
    member !== carrier &&
    !member.client?.hasManyWindows &&
    latest - (lastUseOf(member, nowMs) ?? member.startedAtMs) > QUIET_MS
  return { count, carrier, unused: group.filter(isQuiet) }
}

function carrierOf(group: readonly GroupMember[], nowMs: number): GroupMember | null {
  const used = group.filter((member) => lastUseOf(member, nowMs) !== null)
  if (used.length > 0)
    return used.reduce((a, b) => ((lastUseOf(b, nowMs) ?? 0) > (lastUseOf(a, nowMs) ?? 0) ? b : a))
  // Without logs: the only one that uses the CPU is at work.
  const busy = group.filter(({ cpuPercent }) => (cpuPercent ?? 0) >= BUSY_PERCENT)
  return busy.length === 1 ? (busy[0] ?? null) : null
}

/** Returns the unused instance that a member's note is about: the member itself, if it is unused. */
export const unusedFor = (member: GroupMember, { unused }: Usage): GroupMember | null =>
  unused.includes(member) ? member : (unused[0] ?? null)
