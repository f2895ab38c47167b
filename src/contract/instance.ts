// The published shape of an instance: the words of the product (states, colors, flags) and the document of `list --json`.
import * as z from 'zod/mini'
import { helperProcessSchema } from './helper-process.ts'
import { LIST_VERSION } from './versions.ts'

/** Every state, in the order of the verdict table: the first rule that matches from the top wins. */
export const STATES = [
  'unknown',
  'dead',
  'suspended',
  'orphaned',
  'leftover',
  'hung',
  'starting',
  'asleep',
  'no-dashboard',
  'live',
  'idle',
] as const
export type State = (typeof STATES)[number]

export const COLOURS = ['green', 'yellow', 'red', 'blue', 'grey'] as const
export type Colour = (typeof COLOURS)[number]

/** The color of each state. Only zombies are red. */
export const STATE_COLOUR: Readonly<Record<State, Colour>> = {
  unknown: 'grey',
  dead: 'red',
  suspended: 'grey',
  orphaned: 'red',
  leftover: 'red',
  hung: 'red',
  starting: 'blue',
  asleep: 'grey',
  'no-dashboard': 'grey',
  live: 'green',
  idle: 'yellow',
}

/** Flags complement the state. A flag alone is never a reason to end an instance. */
export const FLAGS = [
  'probably-orphaned',
  'disconnected',
  'collision',
  'duplicate',
  'stuck',
  'slow',
  'finishing',
  'flapping',
  'exposed',
  'outdated',
  'unexpanded',
  'program-removed',
  'folder-removed',
] as const
export type Flag = (typeof FLAGS)[number]

/**
 * How well a state is supported. `certain`: every fact that its rule needs was read. `probable`: one of them was inferred.
 * `unknown`: a fact is missing or contradicts another one; the state is then `unknown` too.
 */
export const CERTAINTIES = ['certain', 'probable', 'unknown'] as const
export type Certainty = (typeof CERTAINTIES)[number]

export const SOURCES = ['process', 'port', 'dashboard', 'registry', 'push', 'hub'] as const
export type Source = (typeof SOURCES)[number]

export const verdictSchema = z.object({
  certainty: z.enum(CERTAINTIES),
  /** Plain sentences, the deciding one first. */
  evidence: z.array(z.string()),
})
export type Verdict = z.infer<typeof verdictSchema>

/** The most other instances that a note names; `othersCount` says how many there are. */
export const MOST_OTHERS = 10

/** A flag in words: what was found, and what the user can do. Serena Deck never does it on its own. */
export const flagNoteSchema = z.object({
  flag: z.enum(FLAGS),
  /** One sentence, which is also part of the verdict's evidence. */
  text: z.string(),
  /** What it means and why, in further sentences; may be empty. */
  more: z.string(),
  /** Empty: another note of this instance gives the advice. */
  advice: z.string(),
  /** Ids of the other instances concerned, at most ten. */
  others: z.array(z.string()),
  /** How many other instances are concerned; absent: as many as are named. */
  othersCount: z.optional(z.number()),
  /** The id of the instance, this one or another, that seems to be unused; null: not known. */
  unused: z.nullable(z.string()),
})
export type FlagNote = z.infer<typeof flagNoteSchema>

export const projectSchema = z.object({ name: z.string(), path: z.nullable(z.string()) })
export type Project = z.infer<typeof projectSchema>

/** An MCP client that is connected to an instance. */
const clientSchema = z.object({
  /** Absent: its process is not visible from here, or it is connected by HTTP. */
  pid: z.optional(z.number()),
  name: z.string(),
  /** Folder, terminal and time of start, as in `owner`; absent: not known. */
  detail: z.optional(z.nullable(z.string())),
})

export const ownerSchema = z.object({ pid: z.number(), name: z.string(), detail: z.nullable(z.string()) })

/** One Serena MCP server process, with the processes it owns. Null means not known, never a guess. */
export const instanceSchema = z.object({
  /** Stable for the life of the process, never a bare pid; safe inside a URL path. */
  id: z.string(),
  pid: z.nullable(z.number()),
  /** ISO 8601. */
  startedAt: z.nullable(z.string()),
  /** The port of the dashboard, once this process is proven to own it. */
  port: z.nullable(z.number()),
  /** The address of its dashboard; absent: 127.0.0.1. */
  address: z.optional(z.string()),
  title: z.string(),
  /** What the user wrote for its project; absent: nothing. */
  label: z.optional(z.string()),
  note: z.optional(z.string()),
  /** The user chose that instances of its project are ended only by name; absent: no. */
  isLeftAlone: z.optional(z.literal(true)),
  state: z.enum(STATES),
  colour: z.enum(COLOURS),
  flags: z.array(z.enum(FLAGS)),
  /** One note for each flag that has more to say; absent: none. */
  flagNotes: z.optional(z.array(flagNoteSchema)),
  verdict: verdictSchema,
  project: z.nullable(projectSchema),
  context: z.nullable(z.string()),
  modes: z.array(z.string()),
  transport: z.nullable(z.string()),
  serenaVersion: z.nullable(z.string()),
  /** The client that started it over stdio, or the program that started an HTTP server. */
  owner: z.nullable(ownerSchema),
  /**
   * The clients that are connected now: over stdio the owner alone, over HTTP or the hub as many as there are. Empty: none is connected.
   * Absent: not known.
   */
  clients: z.optional(z.array(clientSchema)),
  /** The hub's id of it, such as `s1`: the hub runs it for all clients of its project. Absent: the hub does not run it. */
  hubSerena: z.optional(z.string()),
  /** Of the whole tree. */
  memoryBytes: z.nullable(z.number()),
  memoryKind: z.nullable(z.enum(['pss', 'rss'])),
  /** Of the whole tree, 100 = one core. */
  cpuPercent: z.nullable(z.number()),
  processCount: z.number(),
  /** ISO 8601; when the instance last wrote to its log. Every tool call does. */
  lastActivityAt: z.nullable(z.string()),
  /**
   * ISO 8601; time of the last MCP message, derived from its log and its CPU time; its start, if there was none. Null: it is
   * working, or not known.
   */
  quietSince: z.optional(z.nullable(z.string())),
  sources: z.array(z.enum(SOURCES)),
})
export type Instance = z.infer<typeof instanceSchema>

/**
 * Returns whether an instance is a zombie that may be ended without being named: red, certain, not finishing its work, and not left
 * alone by the user's choice. The only definition; the page, the command line, the plan of an ending and pruning use it.
 */
export const isCertainZombie = ({ colour, verdict, flags, isLeftAlone }: ZombieFacts): boolean =>
  colour === 'red' && verdict.certainty === 'certain' && !flags.includes('finishing') && isLeftAlone !== true

export type ZombieFacts = Pick<Instance, 'colour' | 'verdict' | 'flags' | 'isLeftAlone'>

/** Returns the sentences of the verdict without those that the notes of its flags repeat. */
export function evidenceOfState({ verdict, flagNotes = [] }: Instance): readonly string[] {
  const said = new Set(flagNotes.map(({ text }) => text))
  return verdict.evidence.filter((sentence) => !said.has(sentence))
}

/** A message for the user that belongs to no single instance, such as a registry file that cannot be parsed. */
export const noticeSchema = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning']),
  text: z.string(),
})
export type Notice = z.infer<typeof noticeSchema>

/** The document of `list --json` and of `GET /api/instances`. */
export const instanceListSchema = z.object({
  schema: z.literal(LIST_VERSION),
  sweptAt: z.string(),
  serenaHomes: z.array(z.string()),
  instances: z.array(instanceSchema),
  notices: z.array(noticeSchema),
  /** Programs of Serena that are not instances, oldest first; absent: a backend of an earlier version. */
  helperProcesses: z.optional(z.array(helperProcessSchema)),
})
export type InstanceList = z.infer<typeof instanceListSchema>
