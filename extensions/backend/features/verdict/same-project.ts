// Instances on one project: what they risk, why there may be two, and which of them seems not to be used. Pure.
// What is said of clients was reported of them: anthropics/claude-code #15969, #79740, #88514; headroomlabs-ai/headroom #3570.
import { type FlagNote, MOST_OTHERS, STATE_COLOUR } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { GroupMember } from '../../facts.ts'
import { clockTime } from '../../lib/clock-time.ts'
import type { OwnedNote } from './group-flags.ts'

/** What is written to a log so soon after the start is the start itself. */
const SETTLED_MS = 30_000
/** An instance is unused when another one was used so much later than it, or than its start. */
const QUIET_MS = 5 * 60_000
/** Begun by one cause. */
const TOGETHER_MS = 15_000
const BUSY_PERCENT = 10
const NAMED = 3
/** From so many instances of one client on one project on, the notes count them instead of naming one. */
const MANY = 5

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
  const usage = usageOf(group, nowMs)
  const clientOf = new Map(group.map((one) => [one, ofOneClient(one, group, usage, nowMs)]))
  // The instance that a client's own duplicates leave as the used one is not offered to be ended for another client's sake.
  const kept = new Set(
    [...clientOf.values()].flatMap(({ same, usage: own }) => (same.length > 1 ? [own.carrier] : [])),
  )
  const unused = usage.unused.filter((one) => !kept.has(one))
  return group.flatMap((member) => {
    const { id } = member
    const own = clientOf.get(member)
    if (!own || own.same.length === 1)
      return [{ id, note: collisionNote(member, group, { ...usage, unused }, nowMs) }]
    // One piece of advice per pair: beside a duplicate's note the collision only states the risk.
    return [
      { id, note: collisionNote(member, group, null, nowMs) },
      { id, note: duplicateNote(member, own, nowMs) },
    ]
  })
}

interface OfOneClient {
  /** In the order of the group, the member among them. */
  same: readonly GroupMember[]
  usage: Usage
}

function ofOneClient(
  member: GroupMember,
  group: readonly GroupMember[],
  usage: Usage,
  nowMs: number,
): OfOneClient {
  const same = group.filter((other) => other === member || isSameClient(member, other))
  // 200 of one client: the usage of all is computed once.
  return { same, usage: same.length === group.length ? usage : usageOf(same, nowMs) }
}

/** `usage` null: a duplicate's note says which of them is used, and what to do. */
function collisionNote(
  member: GroupMember,
  group: readonly GroupMember[],
  usage: Usage | null,
  nowMs: number,
): FlagNote {
  const others = group.filter((other) => other !== member)
  const text = `${namesOf(others, member)} ${others.length === 1 ? 'works' : 'work'} on the same project.`
  const more = [
    others.length === 1
      ? "Both write its memories and the caches in .serena, and neither sees the other's edits of the same files."
      : "All write its memories and the caches in .serena, and none sees the others' edits of the same files.",
    ...languageRisks(group),
    ...(usage ? [usageWords(usage, member, nowMs)] : []),
  ].join(' ')
  const unused = usage ? unusedFor(member, usage) : null
  const advice = unused
    ? endAdvice(unused, member)
    : isSharedDaemon(member, others)
      ? 'They serve different windows of one program: keep them, or give one window a git worktree.'
      : WORKTREE_ADVICE
  return {
    flag: 'collision',
    text,
    more,
    advice: usage ? advice : '',
    ...named(others, unused),
  }
}

function duplicateNote(member: GroupMember, { same, usage }: OfOneClient, nowMs: number): FlagNote {
  const others = same.filter((other) => other !== member)
  const nearest = others.reduce((a, b) => (gap(b, member) < gap(a, member) ? b : a))
  const cause = causeOf(member, nearest)
  const text = `Its client also started ${listOf(others, ({ title }) => title)} for this project.`
  const more = [...(cause ? [cause.text] : []), usageWords(usage, member, nowMs)].join(' ')
  const unused = cause?.isMeant ? null : unusedFor(member, usage)
  return {
    flag: 'duplicate',
    text,
    more,
    advice: cause?.advice ?? (unused ? endAdvice(unused, member, usage) : NOT_NEEDED_ADVICE),
    ...named(others, unused),
  }
}

/** The other instances of a note, at most so many by id: notes of many instances about each other stay short. */
function named(
  others: readonly GroupMember[],
  unused: GroupMember | null,
): Pick<FlagNote, 'others' | 'othersCount' | 'unused'> {
  const first = others.filter((other) => other === unused)
  return {
    others: [...first, ...others.filter((other) => other !== unused)]
      .slice(0, MOST_OTHERS)
      .map(({ id }) => id),
    othersCount: others.length,
    unused: unused?.id ?? null,
  }
}

const ENDS_TOOLS = "ends Serena's tools in the session of its client"
const WORKTREE_ADVICE = `Give one of them a git worktree: that is a project of its own. Ending one ${ENDS_TOOLS}.`
const NOT_NEEDED_ADVICE = `Keep the one that the session uses. Ending one ${ENDS_TOOLS}.`

/** The unused one that a member's note is about: itself, if it is one. */
const unusedFor = (member: GroupMember, { unused }: Usage): GroupMember | null =>
  unused.includes(member) ? member : (unused[0] ?? null)

/** Never without its client: an instance whose client is running may be wanted, whatever its log says. */
function endAdvice(unused: GroupMember, member: GroupMember, usage?: Usage): string {
  const name = unused === member ? 'this one' : unused.title
  if (isRed(unused)) return `End ${name}.`
  const client = unused.client ? `${unused.client.words} is running` : 'a client may be connected'
  if (usage && usage.count >= MANY && usage.unused.length > 1)
    return `If they are not needed, end the ${usage.unused.length} unused ones: ${client}; ending one ${ENDS_TOOLS}.`
  return `If it is not needed, end ${name}: ${client}; ending it ${ENDS_TOOLS}.`
}

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
  count: number
  /** Null: not known. */
  carrier: GroupMember | null
  /** Oldest first. */
  unused: readonly GroupMember[]
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
  const count = group.length
  const red = group.filter(isRed)
  if (red.length > 0) return { count, carrier, unused: serving.length > 0 ? red : [] }
  if (!carrier) return { count, carrier, unused: [] }
  const latest = trafficOf(carrier, nowMs) ?? nowMs
  const isQuiet = (member: GroupMember): boolean =>
    member !== carrier &&
    !member.client?.hasManyWindows &&
    latest - (trafficOf(member, nowMs) ?? member.startedAtMs) > QUIET_MS
  return { count, carrier, unused: group.filter(isQuiet) }
}

function carrierOf(group: readonly GroupMember[], nowMs: number): GroupMember | null {
  const used = group.filter((member) => trafficOf(member, nowMs) !== null)
  if (used.length > 0)
    return used.reduce((a, b) => ((trafficOf(b, nowMs) ?? 0) > (trafficOf(a, nowMs) ?? 0) ? b : a))
  // No log tells: one alone that computes is at work.
  const busy = group.filter(({ cpuPercent }) => (cpuPercent ?? 0) >= BUSY_PERCENT)
  return busy.length === 1 ? (busy[0] ?? null) : null
}

function usageWords(usage: Usage, member: GroupMember, nowMs: number): string {
  const { carrier, count } = usage
  const unused = unusedFor(member, usage)
  const name = (one: GroupMember): string => (one === member ? 'this one' : one.title)
  if (unused && isRed(unused)) return capital(`${name(unused)} is a zombie (${unused.state}).`)
  if (!carrier) return 'Which of them is used cannot be told yet.'
  const carries = `${name(carrier)} carries the traffic${carrier.running ? '' : timeWords(' (last at ', trafficOf(carrier, nowMs), nowMs, ')')}`
  if (!unused) return capital(`${carries}.`)
  if (count >= MANY && usage.unused.length > 1)
    return capital(`${carries}, ${usage.unused.length} of ${count} have had none for more than 5 min.`)
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
  listOf(others, (other) =>
    other.client && !isSameClient(other, member) ? `${other.title} (${other.client.words})` : other.title,
  )

/** `a`, `a and b`, `a, b, c and 4 more`. */
function listOf(all: readonly GroupMember[], nameOf: (one: GroupMember) => string): string {
  const more = all.length - NAMED
  const names = all.slice(0, NAMED).map(nameOf)
  const named = more > 0 ? [...names, `${more} more`] : names
  return named.length < 2 ? (named[0] ?? '') : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`
}
