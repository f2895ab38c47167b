// Instances on one project: what they risk, why there may be two, and which of them seems to be unused. Pure.
import { type FlagNote, MOST_OTHERS } from '#contract/instance'
import { HUB_NAME } from '../../clients/known-clients.ts'
import type { GroupMember, OwnedNote } from './group-facts.ts'
import { causeOf, isSameClient, nearestTo } from './same-client.ts'
import { type Usage, unusedFor, usageOf } from './usage.ts'
import { endAdvice, LOSES_TOOLS, listOf, usageText } from './usage-text.ts'

const KEEP_APART = 'If both are needed, use a git worktree for one of them: a worktree is a separate project.'
const WORKTREE_ADVICE = `Use a git worktree for one of them: a worktree is a separate project. ${LOSES_TOOLS}`
const WINDOWS_ADVICE =
  'They serve different windows of one program. Keep them, or use a git worktree for one window.'
const HUB_ADVICE =
  'The hub runs them for clients with different contexts or arguments. Keep them, or give the clients the same arguments.'
const NOT_NEEDED_ADVICE = `Keep the one that the session uses. ${LOSES_TOOLS}`

/** Returns the `collision` and `duplicate` notes of all members that share their project with another one. */
export function findSameProject(members: readonly GroupMember[], nowMs: number): OwnedNote[] {
  const groups = new Map<string, GroupMember[]>()
  for (const member of members) {
    if (member.projectRoot === null) continue
    const group = groups.get(member.projectRoot)
    if (group) group.push(member)
    else groups.set(member.projectRoot, [member])
  }
  return [...groups.values()].filter(({ length }) => length > 1).flatMap((group) => notesOf(group, nowMs))
}

function notesOf(unsorted: readonly GroupMember[], nowMs: number): OwnedNote[] {
  const group = [...unsorted].sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1))
  const usage = usageOf(group, nowMs)
  const byMember = group.map((member) => ({ member, own: ofOneClient(member, group, usage, nowMs) }))
  // The instance that a client's own duplicates leave as the used one is not offered to be ended because of another client.
  const kept = new Set(byMember.flatMap(({ own }) => (own.same.length > 1 ? [own.usage.carrier] : [])))
  const unused = usage.unused.filter((one) => !kept.has(one))
  return byMember.flatMap(({ member, own }) => {
    const { id } = member
    if (own.same.length === 1)
      return [{ id, note: collisionNote(member, group, { ...usage, unused }, nowMs) }]
    // One piece of advice per pair: beside a duplicate's note the collision only states the risk.
    return [
      { id, note: collisionNote(member, group, null, nowMs) },
      { id, note: duplicateNote(member, own, nowMs) },
    ]
  })
}

interface OfOneClient {
  /** In the order of the group, the member included. */
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
  // With 200 of one client, the usage of all is computed once.
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
  const unused = usage ? unusedFor(member, usage) : null
  return {
    flag: 'collision',
    text: `${namesOf(others, member)} ${others.length === 1 ? 'works' : 'work'} on the same project.`,
    more: [...risksOf(group), usage ? usageText(usage, member, nowMs) : KEEP_APART].join(' '),
    advice: usage ? collisionAdvice(member, others, unused) : '',
    ...named(others, unused),
  }
}

function collisionAdvice(
  member: GroupMember,
  others: readonly GroupMember[],
  unused: GroupMember | null,
): string {
  if (unused) return endAdvice(unused, member)
  const { client } = member
  const isDaemon = client?.hasManyWindows && others.every((other) => other.client?.key === client.key)
  if (isDaemon) return client.program === HUB_NAME ? HUB_ADVICE : WINDOWS_ADVICE
  return WORKTREE_ADVICE
}

function duplicateNote(member: GroupMember, { same, usage }: OfOneClient, nowMs: number): FlagNote {
  const others = same.filter((other) => other !== member)
  const cause = causeOf(member, nearestTo(member, others))
  const unused = cause?.isIntended ? null : unusedFor(member, usage)
  return {
    flag: 'duplicate',
    text: `Its client also started ${listOf(others, ({ title }) => title)} for this project.`,
    more: [...(cause ? [cause.text] : []), usageText(usage, member, nowMs)].join(' '),
    advice: cause?.advice ?? (unused ? endAdvice(unused, member, usage) : NOT_NEEDED_ADVICE),
    ...named(others, unused),
  }
}

/** The ids of a note are bounded, so that the notes of many instances about each other grow linearly. */
function named(
  others: readonly GroupMember[],
  unused: GroupMember | null,
): Pick<FlagNote, 'others' | 'othersCount' | 'unused'> {
  const first = others.filter((other) => other === unused)
  const all = [...first, ...others.filter((other) => other !== unused)]
  return {
    others: all.slice(0, MOST_OTHERS).map(({ id }) => id),
    othersCount: others.length,
    unused: unused?.id ?? null,
  }
}

/** Reported of the language servers: oraios/serena #1944, #1966. */
function risksOf(group: readonly GroupMember[]): string[] {
  const haveTwo = (language: string): boolean =>
    group.filter(({ languageServers }) => languageServers.includes(language)).length > 1
  return [
    group.length === 2
      ? "Both write its memories and the caches in .serena, and neither sees the other's edits to the same files."
      : "All write its memories and the caches in .serena, and none sees the others' edits to the same files.",
    ...(haveTwo('java')
      ? ['Their Java language servers share one workspace and may never become idle.']
      : []),
    ...(haveTwo('kotlin')
      ? ['While one Kotlin language server locks its index, the other may return no results.']
      : []),
  ]
}

/** Names the clients of the others, if they are not the member's own. */
const namesOf = (others: readonly GroupMember[], member: GroupMember): string =>
  listOf(others, (other) =>
    other.client && !isSameClient(other, member) ? `${other.title} (${other.client.label})` : other.title,
  )
