// Instances beside each other: what is compared, and what that says. Plain data.
import type { FlagNote, State } from '#contract/instance'
import type { ProcessIdentity } from './facts.ts'

/** Who started an instance, for comparisons. */
export interface ClientMark {
  /** The client's identity; of what only wraps one instance its parent's. */
  key: ProcessIdentity
  /** The app that an agent runs in, such as an editor's extension host; null: none is known. */
  hostKey: ProcessIdentity | null
  /** It is known as an MCP client; else it is a shell or a script. */
  isKnown: boolean
  /** `Claude Desktop`, `VS Code`, `bash`. */
  program: string
  /** One process serves several windows or sessions: several instances of it are several windows. */
  hasManyWindows?: boolean
  /** `Claude Code in ~/shop, terminal 3`. */
  words: string
}

/** One instance of a round, as it is compared with the others. Times are epoch milliseconds. */
export interface GroupMember {
  id: string
  title: string
  state: State
  isStdio: boolean
  startedAtMs: number
  /** A real path; null: no project is active, or its folder is not known. */
  projectRoot: string | null
  /** As Serena calls them: `typescript`, `java`. */
  languageServers: readonly string[]
  /** Null: no client is known. */
  client: ClientMark | null
  /** Its command line, of the outermost launcher where there are any, as one text. */
  commandKey: string
  /** What its arguments ask for (project, context, …), as one text: the same however it is started. */
  argumentsKey: string
  lastActivityAtMs: number | null
  cpuPercent: number | null
  serenaVersion: string | null
  /** The newer one that its dashboard tells of. */
  newerSerenaVersion: string | null
  /** The execution that runs, and since when at the latest; null: none, or not known. */
  running: { name: string; sinceMs: number; waitsForIde?: boolean } | null
  /** What was removed or renamed below it; null parts: nothing. */
  removed?: { program: string | null; folder: string | null }
  /** A placeholder that its client passed as it stands; null: none. */
  unexpanded?: { where: string; word: string } | null
}

/** A start that was seen, whether it still runs or not. */
export interface Spawn {
  identity: ProcessIdentity
  clientKey: ProcessIdentity
  argumentsKey: string
  startedAtMs: number
  hasEnded: boolean
  /** It ended soon after its start, and its client started the same again before that was seen: one slow start, repeated. */
  isRepeated: boolean
}

/** What the instances of a round say of each other, by id; those nothing is said of are left out. */
export type GroupNotes = ReadonlyMap<string, readonly FlagNote[]>
