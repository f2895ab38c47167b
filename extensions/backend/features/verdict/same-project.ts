// Instances on one project: what they risk, why there may be two, and which of them seems not to be used. Pure.
// What is said of clients was reported of them: anthropics/claude-code #15969, #79740, #88514; headroomlabs-ai/headroom #3570.
import { type FlagNote, STATE_COLOUR } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { GroupMember } from '../../facts.ts'
import { clockTime } from '../../lib/clock-time.ts'
import type { OwnedNote } from './group-flags.ts'

/** What is written to a log so soon after the start is the start itself. */
const SETTLED_MS = 30_000
/** Younger ones may be about to be used. */
const YOUNG_MS = 2 * 60_000
/** Traffic that was so much earlier than another's is over. */
const QUIET_MS = 5 * 60_000
/** Begun by one cause. */
const TOGETHER_MS = 15_000
const BUSY_PERCENT = 10
const NAMED = 3

/** `collision` and `duplicate` notes of all members that are not alone on their project. */
export function findSameProject(members: readonly GroupMember[], nowMs: number): OwnedNote[] {
  const groups = new Map<string, GroupMember[]>()
  for (const member of members) {
    if (member.projectRoot === null) continue
    groups.set(member.projectRoot, [...(groups.get(member.projectRoot) ?? []), member])
  }
  return [...groups.values()].filter(({ length }) => length > 1).flatMap((group) => notesOf(group, nowMs))
}

function notesOf(unsorted: readonly GroupMember[], nowMs: number): OwnedNote[] {
  const group = [...unsorted].sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1))
  return group.flatMap((member) => {
    const { id } = member
    const same = group.filter((other) => other !== member && isSameClient(member, other))
    // Where all others are the same client's, its note says which of them is used.
    const isTold = same.length === group.length - 1
    const collision = { id, note: collisionNote(member, group, isTold ? null : nowMs) }
    return same.length === 0 ? [collision] : [collision, { id, note: duplicateNote(member, same, nowMs) }]
  })
}

function collisionNote(member: GroupMember, group: readonly GroupMember[], nowMs: number | null): FlagNote {
  const others = group.filter((other) => other !== member)
  const usage = nowMs === null ? null : usageOf(group, nowMs)
  const text = `${namesOf(others, member)} ${others.length === 1 ? 'works' : 'work'} on the same project.`
  const more = [
    others.length === 1
      ? "Both write its memories and the caches in .serena, and neither sees the other's edits of the same files."
      : "All write its memories and the caches in .serena, and none sees the others' edits of the same files.",
    ...languageRisks(group),
    ...(usage && nowMs !== null ? [usageWords(usage, member, nowMs)] : []),
  ].join(' ')
  const unused = usage?.unused ?? null
  const advice = unused
    ? endAdvice(unused, member)
    : isSharedDaemon(member, others)
      ? 'They serve different windows of one program: keep them, or give one window a git worktree.'
      : 'End the one that is not needed, or give one of them a git worktree: that is a project of its own.'
  return {
    flag: 'collision',
    text,
    more,
    advice,
    others: others.map(({ id }) => id),
    unused: unused?.id ?? null,
  }
}

function duplicateNote(member: GroupMember, same: readonly GroupMember[], nowMs: number): FlagNote {
  const nearest = same.reduce((a, b) => (gap(b, member) < gap(a, member) ? b : a))
  const cause = causeOf(member, nearest)
  const usage = usageOf([member, ...same], nowMs)
  const text = `Its client also started ${listOf(same.map(({ title }) => title))} for this project.`
  const more = [...(cause ? [cause.text] : []), usageWords(usage, member, nowMs)].join(' ')
  const unused = cause?.isMeant ? null : usage.unused
  const advice = cause?.advice ?? (unused ? endAdvice(unused, member) : 'End the one that is not needed.')
  return {
    flag: 'duplicate',
    text,
    more,
    advice,
    others: same.map(({ id }) => id),
    unused: unused?.id ?? null,
  }
}

const endAdvice = (unused: GroupMember, member: GroupMember): string =>
  unused === member ? 'End this one.' : `End ${unused.title}.`

const isSharedDaemon = ({ client }: GroupMember, others: readonly GroupMember[]): boolean =>
  (client?.hasManyWindows ?? false) && others.every((other) => other.client?.key === client?.key)

/** One MCP client, or the two that an editor's extension starts for one chat. HTTP serves many clients by design. */
function isSameClient(a: GroupMember, b: GroupMember): boolean {
  if (!a.client || !b.client || !a.isStdio || !b.isStdio) return false
  // One daemon serves several windows: each has its own.
  if (a.client.hasManyWindows || b.client.hasManyWindows) return false
  return a.client.key === b.client.key || isTwin(a, b)
}

function isTwin(a: GroupMember, b: GroupMember): boolean {
  const isOneHost = a.client?.hostKey != null && a.client.hostKey === b.client?.hostKey
  const areClaudes = a.client?.program === 'Claude Code' && b.client?.program === 'Claude Code'
  return isOneHost && areClaudes && a.client?.key !== b.client?.key && gap(a, b) <= TOGETHER_MS
}

const gap = (a: GroupMember, b: GroupMember): number => Math.abs(a.startedAtMs - b.startedAtMs)

interface Cause {
  text: string
  advice?: string
  /** Both are wanted. */
  isMeant?: boolean
}

/** Why one client has two; null: not known. */
function causeOf(a: GroupMember, b: GroupMember): Cause | null {
  if (!a.client?.isKnown) return null
  if (isTwin(a, b))
    return {
      text: "They began together under one editor: its Claude extension starts one Claude to fill its settings' cache and one for the chat.",
    }
  if (a.client.program === 'Claude Desktop')
    return {
      text: 'Claude Desktop has two subsystems that each start the configured servers: usually both are meant.',
      advice: 'Leave both, unless memory is short.',
      isMeant: true,
    }
  const isTogether = gap(a, b) <= TOGETHER_MS
  if (isTogether && a.commandKey !== b.commandKey)
    return {
      text: 'They began together with different command lines: two entries of its configuration start a Serena, such as a plugin and one of your own.',
      advice: 'Remove one of the two entries, then end the one that it started.',
    }
  if (!isTogether && a.commandKey === b.commandKey)
    return {
      text: `They began ${formatSpan(gap(a, b))} apart with the same command line: a client that connects anew, as after an edit of its configuration, may leave the earlier one behind.`,
    }
  return null
}

interface Usage {
  /** Null: nobody can say. */
  carrier: GroupMember | null
  unused: GroupMember | null
}

/** The last sign of use; null: none since its start. */
const trafficOf = ({ running, lastActivityAtMs, startedAtMs }: GroupMember, nowMs: number): number | null => {
  if (running) return nowMs
  return lastActivityAtMs !== null && lastActivityAtMs - startedAtMs > SETTLED_MS ? lastActivityAtMs : null
}

const isRed = ({ state }: GroupMember): boolean => STATE_COLOUR[state] === 'red'

function usageOf(group: readonly GroupMember[], nowMs: number): Usage {
  const serving = group.filter((member) => !isRed(member))
  const carrier = carrierOf(serving, nowMs)
  const red = group.find(isRed)
  if (red) return { carrier, unused: serving.length > 0 ? red : null }
  if (!carrier) return { carrier, unused: null }
  const latest = trafficOf(carrier, nowMs) ?? nowMs
  const isQuiet = (member: GroupMember): boolean =>
    member !== carrier &&
    !member.client?.hasManyWindows &&
    nowMs - member.startedAtMs > YOUNG_MS &&
    latest - (trafficOf(member, nowMs) ?? Number.NEGATIVE_INFINITY) > QUIET_MS
  return { carrier, unused: group.find(isQuiet) ?? null }
}

function carrierOf(group: readonly GroupMember[], nowMs: number): GroupMember | null {
  const used = group.filter((member) => trafficOf(member, nowMs) !== null)
  if (used.length > 0)
    return used.reduce((a, b) => ((trafficOf(b, nowMs) ?? 0) > (trafficOf(a, nowMs) ?? 0) ? b : a))
  // No log tells: one alone that computes is at work.
  const busy = group.filter(({ cpuPercent }) => (cpuPercent ?? 0) >= BUSY_PERCENT)
  return busy.length === 1 ? (busy[0] ?? null) : null
}

function usageWords({ carrier, unused }: Usage, member: GroupMember, nowMs: number): string {
  const name = (one: GroupMember): string => (one === member ? 'this one' : one.title)
  if (unused && isRed(unused)) return capital(`${name(unused)} is a zombie (${unused.state}).`)
  if (!carrier) return 'Which of them is used cannot be told yet.'
  const carries = `${name(carrier)} carries the traffic${carrier.running ? '' : timeWords(' (last at ', trafficOf(carrier, nowMs), nowMs, ')')}`
  if (!unused) return capital(`${carries}.`)
  const last = trafficOf(unused, nowMs)
  return capital(
    last === null
      ? `${carries}, ${name(unused)} has had none since its start.`
      : `${carries}, ${name(unused)} has had none since ${clockTime(last, nowMs)}.`,
  )
}

const timeWords = (before: string, atMs: number | null, nowMs: number, after: string): string =>
  atMs === null ? '' : `${before}${clockTime(atMs, nowMs)}${after}`

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1)

/** Reported of Serena: oraios/serena #1944, #1966. */
function languageRisks(group: readonly GroupMember[]): string[] {
  const areTwo = (language: string): boolean =>
    group.filter(({ languageServers }) => languageServers.includes(language)).length > 1
  return [
    ...(areTwo('java') ? ['Their Java language servers use one workspace and may never come to rest.'] : []),
    ...(areTwo('kotlin')
      ? ['While one Kotlin language server holds its index, the other may find nothing.']
      : []),
  ]
}

/** With their clients, where those are others than its own. */
const namesOf = (others: readonly GroupMember[], member: GroupMember): string =>
  listOf(
    others.map((other) =>
      other.client && !isSameClient(other, member) ? `${other.title} (${other.client.words})` : other.title,
    ),
  )

/** `a`, `a and b`, `a, b, c and 4 more`. */
function listOf(names: readonly string[]): string {
  const more = names.length - NAMED
  const named = more > 0 ? [...names.slice(0, NAMED), `${more} more`] : names
  return named.length < 2 ? (named[0] ?? '') : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`
}
