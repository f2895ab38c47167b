// Flags that need more than one instance, or more than one moment, to be seen: each with its sentence and what one may do.
// They stand beside the state, change no verdict and end nothing. Pure.
import { FLAGS, type FlagNote } from '#contract/instance'
import type { GroupMember, GroupNotes, Spawn } from '../../facts.ts'
import { clockTime } from '../../lib/clock-time.ts'
import { findOutdated } from './outdated.ts'
import { findSameProject } from './same-project.ts'

/** One execution that runs longer is stuck. */
export const STUCK_MS = 5 * 60_000
/** `flapping`: more starts than this, within that time, by one client. */
export const FLAPPING_STARTS = 5
export const FLAPPING_SPAN_MS = 10 * 60_000

/** Of those that must not be touched, or are gone, nothing of the kind is said. */
const SILENT: readonly GroupMember['state'][] = ['unknown', 'dead', 'suspended', 'leftover']

/** The notes of each instance, in the order of the flags; `spawns`: the starts seen lately, those of the living among them. */
export function findGroupFlags(
  all: readonly GroupMember[],
  spawns: readonly Spawn[],
  nowMs: number,
): GroupNotes {
  const members = all.filter(({ state }) => !SILENT.includes(state))
  const found = [
    ...findSameProject(members, nowMs),
    ...findOutdated(members),
    ...members.flatMap((member) => ofItself(member, spawns, nowMs)),
  ]
  const notes = new Map<string, FlagNote[]>()
  for (const { id, note } of found) notes.set(id, [...(notes.get(id) ?? []), note])
  for (const own of notes.values()) own.sort((a, b) => FLAGS.indexOf(a.flag) - FLAGS.indexOf(b.flag))
  return notes
}

/** A note and whose it is. */
export interface OwnedNote {
  id: string
  note: FlagNote
}

function ofItself(member: GroupMember, spawns: readonly Spawn[], nowMs: number): OwnedNote[] {
  const notes = [stuckNote(member, nowMs), flappingNote(member, spawns, nowMs)]
  return notes.flatMap((note) => (note ? [{ id: member.id, note }] : []))
}

function stuckNote({ running }: GroupMember, nowMs: number): FlagNote | null {
  if (!running || running.waitsForIde || nowMs - running.sinceMs <= STUCK_MS) return null
  return {
    flag: 'stuck',
    // Serena says `Task-7:ExecuteShellCommandTool`.
    text: `${running.name.replace(/^Task-\d+:/, '')} has been running since ${clockTime(running.sinceMs, nowMs)}.`,
    more: '',
    advice: 'Later calls may wait behind it. Cancel it in the Executions Queue, or end the instance.',
    others: [],
    unused: null,
  }
}

function flappingNote(
  { client, argumentsKey }: GroupMember,
  spawns: readonly Spawn[],
  nowMs: number,
): FlagNote | null {
  if (!client) return null
  const own = spawns
    .filter((one) => one.clientKey === client.key && one.argumentsKey === argumentsKey)
    .filter(({ startedAtMs }) => nowMs - startedAtMs < FLAPPING_SPAN_MS)
  // A client that aborts a slow start and repeats it at once wants one instance.
  const starts = new Map(own.filter(({ isRepeated }) => !isRepeated).map((one) => [one.identity, one]))
  const hasEnded = [...starts.values()].some((one) => one.hasEnded)
  if (starts.size <= FLAPPING_STARTS || !hasEnded) return null
  return {
    flag: 'flapping',
    text: `Its client (${client.words}) started it more than ${FLAPPING_STARTS} times within 10 min.`,
    more: '',
    advice: "The end of its log may tell why it ends, and the client's log why it is started anew.",
    others: [],
    unused: null,
  }
}
