// Which instance of a group is in use, and which one may be ended, as sentences. Pure.
import { clockTime } from '../../lib/clock-time.ts'
import type { GroupMember } from './group-facts.ts'
import { isZombie, lastUseOf, type Usage, unusedFor } from './usage.ts'

/** With this many instances of one client on one project, the notes count them instead of naming one. */
const MANY = 5
/** How many instances a sentence names. */
const NAMED = 3

export const LOSES_TOOLS = "Ending one removes Serena's tools from the session of its client."

export function usageText(usage: Usage, member: GroupMember, nowMs: number): string {
  const { carrier, count } = usage
  const unused = unusedFor(member, usage)
  const name = (one: GroupMember): string => (one === member ? 'this one' : one.title)
  if (unused && isZombie(unused)) return capital(`${name(unused)} is a zombie (${unused.state}).`)
  if (!carrier) return 'It is not yet known which of them is in use.'
  const lastMs = carrier.running ? null : lastUseOf(carrier, nowMs)
  const at = lastMs === null ? '' : ` (last used at ${clockTime(lastMs, nowMs)})`
  const inUse = `${name(carrier)} is in use${at}`
  if (!unused) return capital(`${inUse}.`)
  if (count >= MANY && usage.unused.length > 1)
    return capital(`${inUse}; ${usage.unused.length} of ${count} have been unused for more than 5 min.`)
  const unusedMs = lastUseOf(unused, nowMs)
  const since = unusedMs === null ? 'its start' : clockTime(unusedMs, nowMs)
  return capital(`${inUse}; ${name(unused)} has been unused since ${since}.`)
}

/** Returns the advice to end an instance. It always names the client, which may need the instance even if its log shows no use. */
export function endAdvice(unused: GroupMember, member: GroupMember, usage?: Usage): string {
  const name = unused === member ? 'this one' : unused.title
  if (isZombie(unused)) return `End ${name}.`
  const client = unused.client ? `${unused.client.label} is running.` : 'A client may be connected.'
  if (usage && usage.count >= MANY && usage.unused.length > 1)
    return `If they are not needed, end the ${usage.unused.length} unused ones. ${client} ${LOSES_TOOLS}`
  return `If it is not needed, end ${name}. ${client} Ending it removes Serena's tools from the session of its client.`
}

/** Returns `a`, `a and b`, `a, b, c and 4 more`. */
export function listOf(all: readonly GroupMember[], nameOf: (one: GroupMember) => string): string {
  const more = all.length - NAMED
  const names = all.slice(0, NAMED).map(nameOf)
  const named = more > 0 ? [...names, `${more} more`] : names
  return named.length < 2 ? (named[0] ?? '') : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`
}

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1)
