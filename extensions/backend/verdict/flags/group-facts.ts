// Instances that are compared with each other: plain data.

import type { FlagNote, State } from '#contract/instance'
import type { ClientMark } from '../../clients/client-facts.ts'
import type { ProcessIdentity } from '../../os/process-identity.ts'

/** One instance of a scan, as it is compared with the others. Times are epoch milliseconds. */
export interface GroupMember {
  id: string
  title: string
  state: State
  isStdio: boolean
  startedAtMs: number
  /** A real path; null: no project is active, or its folder is not known. */
  projectRoot: string | null
  /** Serena's names of them: `typescript`, `java`. */
  languageServers: readonly string[]
  /** Null: no client is known. */
  client: ClientMark | null
  /** Its command line, or that of its outermost launcher, as one text. */
  commandKey: string
  /** The values of its arguments (project, context, …) as one text: the same however it is started. */
  argumentsKey: string
  lastActivityAtMs: number | null
  cpuPercent: number | null
  serenaVersion: string | null
  /** The newer version that its dashboard reports. */
  newerSerenaVersion: string | null
  /** The running execution, and the latest time at which it can have started; null: none, or not known. */
  running: { name: string; sinceMs: number; waitsForIde?: boolean } | null
  /** Its program and its folder, if they were removed or renamed; else null. */
  removed?: { program: string | null; folder: string | null }
  /** A placeholder that its client did not expand; null: none. */
  unexpanded?: { where: string; word: string } | null
}

/** A start that was seen, whether the instance still runs or not. */
export interface Spawn {
  identity: ProcessIdentity
  clientKey: ProcessIdentity
  argumentsKey: string
  startedAtMs: number
  hasEnded: boolean
  /** It exited soon after its start, and its client had already started the same again: one slow start, repeated. */
  isRepeated: boolean
}

/** The notes of the instances of a scan, by id; instances without notes are left out. */
export type GroupNotes = ReadonlyMap<string, readonly FlagNote[]>

/** A note and the id of its instance. */
export interface OwnedNote {
  id: string
  note: FlagNote
}
