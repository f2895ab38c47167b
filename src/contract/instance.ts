// What an instance is on the wire: the words of the product (states, colours, flags) and the shape of `list --json`.
import * as z from 'zod/mini'
import { helperProcessSchema } from './helper-process.ts'

/** Version of the documents that outsiders read (`list --json`, the event stream). A change of shape raises it. */
export const SCHEMA_VERSION = 1

/** Every state, in the order of the verdict table: the first rule that matches from the top wins. */
export const STATES = [
  'unknown',
  'dead',
  'suspended',
  'orphaned',
  'leftover',
  'hung',
  'starting',
  'no-dashboard',
  'live',
  'idle',
] as const
export type State = (typeof STATES)[number]

export const COLOURS = ['green', 'yellow', 'red', 'blue', 'grey'] as const
export type Colour = (typeof COLOURS)[number]

/** The colour of each state. Red means zombie, and nothing else does. */
export const STATE_COLOUR: Readonly<Record<State, Colour>> = {
  unknown: 'grey',
  dead: 'red',
  suspended: 'grey',
  orphaned: 'red',
  leftover: 'red',
  hung: 'red',
  starting: 'blue',
  'no-dashboard': 'grey',
  live: 'green',
  idle: 'yellow',
}

/** Stand beside the state; never a reason to end anything by themselves. */
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
] as const
export type Flag = (typeof FLAGS)[number]

export const CERTAINTIES = ['certain', 'probable', 'unknown'] as const
export type Certainty = (typeof CERTAINTIES)[number]

export const SOURCES = ['process', 'port', 'dashboard', 'registry', 'push'] as const
export type Source = (typeof SOURCES)[number]

export const verdictSchema = z.object({
  certainty: z.enum(CERTAINTIES),
  /** Plain sentences, the deciding one first. */
  evidence: z.array(z.string()),
})
export type Verdict = z.infer<typeof verdictSchema>

/** A note names at most so many other instances; `othersCount` says how many there are. */
export const MOST_OTHERS = 10

/** A flag in words: what was seen, and what one may do about it. Nothing of it is ever done by itself. */
export const flagNoteSchema = z.object({
  flag: z.enum(FLAGS),
  /** One plain sentence; it stands in the verdict's evidence too. */
  text: z.string(),
  /** What it means and why it is so, in further sentences; may be empty. */
  more: z.string(),
  /** Empty: another note of the instance advises on the same others. */
  advice: z.string(),
  /** Ids of the other instances it is about, at most ten. */
  others: z.array(z.string()),
  /** How many others it is about; absent: as many as are named. */
  othersCount: z.optional(z.number()),
  /** The id of the one, itself or another, that seems not to be used; null: that cannot be told. */
  unused: z.nullable(z.string()),
})
export type FlagNote = z.infer<typeof flagNoteSchema>

export const projectSchema = z.object({ name: z.string(), path: z.nullable(z.string()) })
export type Project = z.infer<typeof projectSchema>

export const ownerSchema = z.object({ pid: z.number(), name: z.string(), detail: z.nullable(z.string()) })

/** One Serena MCP server process, with the processes it owns. A null is a fact not known, never a guess. */
export const instanceSchema = z.object({
  /** Stable for the life of the process, never a bare pid; safe inside a URL path. */
  id: z.string(),
  pid: z.nullable(z.number()),
  /** ISO 8601. */
  startedAt: z.nullable(z.string()),
  /** The dashboard's port, once this pid is shown to own it. */
  port: z.nullable(z.number()),
  /** The address at which its dashboard is asked; absent: 127.0.0.1. */
  address: z.optional(z.string()),
  title: z.string(),
  state: z.enum(STATES),
  colour: z.enum(COLOURS),
  flags: z.array(z.enum(FLAGS)),
  /** Of the flags that need words of their own; absent: none does. */
  flagNotes: z.optional(z.array(flagNoteSchema)),
  verdict: verdictSchema,
  project: z.nullable(projectSchema),
  context: z.nullable(z.string()),
  modes: z.array(z.string()),
  transport: z.nullable(z.string()),
  serenaVersion: z.nullable(z.string()),
  owner: z.nullable(ownerSchema),
  /** Of the whole tree. */
  memoryBytes: z.nullable(z.number()),
  memoryKind: z.nullable(z.enum(['pss', 'rss'])),
  /** Of the whole tree, 100 = one core. */
  cpuPercent: z.nullable(z.number()),
  processCount: z.number(),
  /** ISO 8601; when the instance last wrote to its log, which every tool call does. */
  lastActivityAt: z.nullable(z.string()),
  /**
   * ISO 8601; since when no MCP message has been seen, by its log and its CPU time: its start, if there was none since. Null: it is
   * at work, or that is not known.
   */
  quietSince: z.optional(z.nullable(z.string())),
  sources: z.array(z.enum(SOURCES)),
})
export type Instance = z.infer<typeof instanceSchema>

/** The sentences of the verdict without those that its flags' notes say again. */
export function evidenceOfState({ verdict, flagNotes = [] }: Instance): readonly string[] {
  const said = new Set(flagNotes.map(({ text }) => text))
  return verdict.evidence.filter((sentence) => !said.has(sentence))
}

/** Something the person should know that belongs to no single instance, such as a registry file that does not parse. */
export const noticeSchema = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning']),
  text: z.string(),
})
export type Notice = z.infer<typeof noticeSchema>

/** The document of `list --json` and of `GET /api/instances`. */
export const instanceListSchema = z.object({
  schema: z.literal(SCHEMA_VERSION),
  sweptAt: z.string(),
  serenaHomes: z.array(z.string()),
  instances: z.array(instanceSchema),
  notices: z.array(noticeSchema),
  /** Programs of Serena that are no instance, oldest first; absent: a backend of an earlier version. */
  helperProcesses: z.optional(z.array(helperProcessSchema)),
})
export type InstanceList = z.infer<typeof instanceListSchema>
