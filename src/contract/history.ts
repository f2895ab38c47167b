// The history: what happened to instances, one record per line. A line is written once and never changed.
import * as z from 'zod/mini'
import { ENDING_WAYS } from './ending.ts'
import { projectSchema, STATES } from './instance.ts'
import { HISTORY_LINE_VERSION, HISTORY_VERSION } from './versions.ts'

/** Events of instances that the hub runs, as it keeps them itself. */
export const HUB_EVENTS = ['joined', 'left', 'slept', 'woke', 'crashed', 'restarted'] as const

/**
 * `started`: first seen; `project`: another project was activated; `turned-red`, `recovered`: became a zombie, is no longer one;
 * `ended`: ended by Serena Deck; `survived`: still running after the attempt to end it; `gone`: exited by itself, or was ended by
 * another program. Of instances that the hub runs: `joined`, `left`: a client (`owner`) connected, disconnected; `slept`, `woke`: the
 * hub ended it after its idle time, started it again for a call; `crashed`, `restarted`: it exited unexpectedly, the hub started it again.
 */
export const HISTORY_EVENTS = [
  'started',
  'project',
  'turned-red',
  'recovered',
  'ended',
  'survived',
  'gone',
  ...HUB_EVENTS,
] as const
export type HistoryEvent = (typeof HISTORY_EVENTS)[number]

/** What ended it: the page, the command line, pruning, or its idle time. */
export const HISTORY_ACTORS = ['page', 'command-line', 'prune', 'idle'] as const
export type HistoryActor = (typeof HISTORY_ACTORS)[number]
export const ACTOR_WORDS: Readonly<Record<HistoryActor, string>> = {
  page: 'on the page',
  'command-line': 'on the command line',
  prune: 'by pruning',
  idle: 'after its idle time',
}

export const historyRecordSchema = z.object({
  schema: z.literal(HISTORY_LINE_VERSION),
  /** When it was seen or done; ISO 8601. */
  at: z.string(),
  event: z.enum(HISTORY_EVENTS),
  /** The instance's; stable for the life of its process. */
  id: z.string(),
  pid: z.nullable(z.number()),
  /** When its process began; ISO 8601. */
  startedAt: z.nullable(z.string()),
  title: z.string(),
  project: z.nullable(projectSchema),
  /** Its client then; for `joined` and `left` that client. */
  owner: z.nullable(z.object({ name: z.string(), detail: z.nullable(z.string()) })),
  state: z.enum(STATES),
  /** Plain sentences, the deciding one first. */
  why: z.array(z.string()),
  /** Of `ended` and `survived`; else null. */
  by: z.nullable(z.enum(HISTORY_ACTORS)),
  how: z.nullable(z.enum(ENDING_WAYS)),
  /** How many processes ended with it. */
  processes: z.nullable(z.number()),
  /** Of `ended`, and of `slept` if its memory was measured. */
  freedBytes: z.nullable(z.number()),
  /** The start command for a shell, to copy; it is never run. */
  launch: z.nullable(z.string()),
  /** For `gone`: the error in its log that ended it during its start; null or absent: none is known. */
  failure: z.optional(z.nullable(z.string())),
  /** For `started`: how many attempts this line represents, if its client aborted a slow start and repeated it. */
  attempts: z.optional(z.number()),
})
export type HistoryRecord = z.infer<typeof historyRecordSchema>

/** Returns the age of its process at that time in milliseconds; null: not known. */
export const ageThenMs = ({ at, startedAt }: Pick<HistoryRecord, 'at' | 'startedAt'>): number | null =>
  startedAt === null ? null : Date.parse(at) - Date.parse(startedAt)

/** A process this young was seen starting; an older one was found running. */
const WITNESSED_MS = 15_000

/** Returns whether the start itself was seen, not only the running process. */
export const wasWitnessed = (record: Pick<HistoryRecord, 'at' | 'startedAt'>): boolean =>
  (ageThenMs(record) ?? WITNESSED_MS) < WITNESSED_MS

/** The document of `history --json` and of `GET /api/history`. */
export const historySchema = z.object({
  schema: z.literal(HISTORY_VERSION),
  /** The newest of those that were asked for, oldest first. */
  records: z.array(historyRecordSchema),
  /** There are older records beyond the requested ones. */
  hasMore: z.boolean(),
})
export type History = z.infer<typeof historySchema>

/** Returns the records as lines of the history file. */
export const historyLines = (records: readonly HistoryRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('')

/** Returns `after 2 aborted attempts`; the successful start is not counted. */
export const attemptWords = (attempts: number): string =>
  `after ${attempts - 1} aborted ${attempts === 2 ? 'attempt' : 'attempts'}`
