// Whether two instances belong to one client, and why one client started two. Pure.
// The causes were reported of these clients: anthropics/claude-code #15969, #79740, #88514; headroomlabs-ai/headroom #3570.
import { formatSpan } from '#contract/units'
import type { GroupMember } from './group-facts.ts'

/** Started by one cause. */
const TOGETHER_MS = 15_000

export interface Cause {
  text: string
  advice?: string
  /** Both are needed. */
  isIntended?: boolean
}

/**
 * Returns true for one MCP client, and for the two that an editor's extension starts for one chat. HTTP serves many clients by design.
 */
export function isSameClient(a: GroupMember, b: GroupMember): boolean {
  if (!a.client || !b.client || !a.isStdio || !b.isStdio) return false
  // One daemon serves several windows: each has its own instance.
  if (a.client.hasManyWindows || b.client.hasManyWindows) return false
  return a.client.key === b.client.key || isTwin(a, b)
}

/** Returns why one client has these two; null: not known. */
export function causeOf(a: GroupMember, b: GroupMember): Cause | null {
  if (!a.client?.isKnown) return null
  if (isTwin(a, b))
    return {
      text: 'They started together in one editor: its Claude extension starts one Claude Code to read its settings and one for the chat.',
    }
  if (a.client.program === 'Claude Desktop')
    return {
      text: 'Claude Desktop has two subsystems that each start the configured servers: usually both are needed.',
      advice: 'Keep both, unless the machine is low on memory.',
      isIntended: true,
    }
  const isTogether = gap(a, b) <= TOGETHER_MS
  if (isTogether && a.commandKey !== b.commandKey)
    return {
      text: 'They started together with different command lines: two entries of its configuration start a Serena, for example a plugin and an entry of your own.',
      advice: 'Remove one of the two entries, then end the instance that it started.',
    }
  if (!isTogether && a.commandKey === b.commandKey)
    return {
      text: `They started ${formatSpan(gap(a, b))} apart with the same command line: a client that reconnects, for example after a change of its configuration, may leave the earlier instance running.`,
    }
  return null
}

/** Returns the member of the list that started closest in time. */
export const nearestTo = (member: GroupMember, others: readonly GroupMember[]): GroupMember =>
  others.reduce((a, b) => (gap(b, member) < gap(a, member) ? b : a))

function isTwin(a: GroupMember, b: GroupMember): boolean {
  const isOneHost = a.client?.hostKey != null && a.client.hostKey === b.client?.hostKey
  const areClaudes = a.client?.program === 'Claude Code' && b.client?.program === 'Claude Code'
  return isOneHost && areClaudes && a.client?.key !== b.client?.key && gap(a, b) <= TOGETHER_MS
}

const gap = (a: GroupMember, b: GroupMember): number => Math.abs(a.startedAtMs - b.startedAtMs)
