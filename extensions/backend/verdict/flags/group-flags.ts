// Flags that need several instances, or several scans: each with its sentence and advice. They change no verdict and end
// nothing. Pure.

import { FLAGS, type FlagNote } from '#contract/instance'
import { clockTime } from '../../lib/clock-time.ts'
import type { GroupMember, GroupNotes, OwnedNote, Spawn } from './group-facts.ts'
import { noteOf } from './note.ts'
import { findOutdated } from './outdated.ts'
import { findOwnFlags } from './own-flags.ts'
import { findSameProject } from './same-project.ts'

/** An execution that runs longer is stuck. */
export const STUCK_MS = 5 * 60_000
/** `flapping`: more starts than this, within that time, by one client. */
export const FLAPPING_STARTS = 5
export const FLAPPING_SPAN_MS = 10 * 60_000

/** States in which an instance has exited or must not be touched: no such flag applies. */
const WITHOUT_FLAGS: readonly GroupMember['state'][] = ['unknown', 'dead', 'suspended', 'leftover']

/** Returns the notes of each instance, in the order of the flags; `spawns`: recent starts, those of running instances included. */
export function findGroupFlags(
  all: readonly GroupMember[],
  spawns: readonly Spawn[],
  nowMs: number,
): GroupNotes {
  const members = all.filter(({ state }) => !WITHOUT_FLAGS.includes(state))
  const found = [
    ...findSameProject(members, nowMs),
    ...findOutdated(members),
    ...members.flatMap((member) => notesOnItself(member, spawns, nowMs)),
  ]
  const notes = new Map<string, FlagNote[]>()
  for (const { id, note } of found) {
    const own = notes.get(id)
    if (own) own.push(note)
    else notes.set(id, [note])
  }
  for (const own of notes.values()) own.sort((a, b) => FLAGS.indexOf(a.flag) - FLAGS.indexOf(b.flag))
  return notes
}

function notesOnItself(member: GroupMember, spawns: readonly Spawn[], nowMs: number): OwnedNote[] {
  const notes = [stuckNote(member, nowMs), flappingNote(member, spawns, nowMs), ...findOwnFlags(member)]
  return notes.flatMap((note) => (note ? [{ id: member.id, note }] : []))
}

function stuckNote({ running }: GroupMember, nowMs: number): FlagNote | null {
  if (!running || running.waitsForIde || nowMs - running.sinceMs <= STUCK_MS) return null
  // Serena's name of it is `Task-7:ExecuteShellCommandTool`.
  const tool = running.name.replace(/^Task-\d+:/, '')
  return noteOf(
    'stuck',
    `${tool} has been running since ${clockTime(running.sinceMs, nowMs)}.`,
    '',
    'Later calls may have to wait for it. Cancel it in the Executions Queue, or end the instance.',
  )
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
  // A client that aborts a slow start and repeats it at once needs one instance.
  const starts = new Map(own.filter(({ isRepeated }) => !isRepeated).map((one) => [one.identity, one]))
  const hasEnded = [...starts.values()].some((one) => one.hasEnded)
  if (starts.size <= FLAPPING_STARTS || !hasEnded) return null
  return noteOf(
    'flapping',
    `Its client (${client.label}) started it more than ${FLAPPING_STARTS} times within 10 min.`,
    '',
    "Check the end of its log for why it exits, and the client's log for why it is started again.",
  )
}
