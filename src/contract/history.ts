// The history: what happened to instances, one record a line. It is written once and never changed.
import * as z from 'zod/mini'
import { ENDING_WAYS } from './ending.ts'
import { projectSchema, SCHEMA_VERSION, STATES } from './instance.ts'

/**
 * `started`: seen for the first time; `project`: it has another project open; `turned-red`, `recovered`: became a zombie, is
 * none any more; `ended`: ended by somebody of ours; `survived`: it was to be ended, and lives; `gone`: ended by itself, or by
 * somebody we do not know.
 */
export const HISTORY_EVENTS = [
  'started',
  'project',
  'turned-red',
  'recovered',
  'ended',
  'survived',
  'gone',
] as const
export type HistoryEvent = (typeof HISTORY_EVENTS)[number]

/** Who ended it: a person in the page or on the command line, pruning, or the end of its idle time. */
export const HISTORY_ACTORS = ['page', 'command-line', 'prune', 'idle'] as const
export type HistoryActor = (typeof HISTORY_ACTORS)[number]
export const ACTOR_WORDS: Readonly<Record<HistoryActor, string>> = {
  page: 'in the page',
  'command-line': 'on the command line',
  prune: 'by pruning',
  idle: 'by its idle time',
}

export const historyRecordSchema = z.object({
  schema: z.literal(SCHEMA_VERSION),
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
  /** Its client then. */
  owner: z.nullable(z.object({ name: z.string(), detail: z.nullable(z.string()) })),
  state: z.enum(STATES),
  /** Plain sentences, the deciding one first. */
  why: z.array(z.string()),
  /** Of `ended` and `survived`; else null. */
  by: z.nullable(z.enum(HISTORY_ACTORS)),
  how: z.nullable(z.enum(ENDING_WAYS)),
  /** How many processes ended with it. */
  processes: z.nullable(z.number()),
  freedBytes: z.nullable(z.number()),
  /** For a shell: what it was started with. To be copied; never run. */
  launch: z.nullable(z.string()),
  /** Of `gone`: the error that ended it at its start, from its log; null or absent: none is known. */
  failure: z.optional(z.nullable(z.string())),
  /** Of `started`: how many attempts are in this one line, where its client aborted a slow start and repeated it. */
  attempts: z.optional(z.number()),
})
export type HistoryRecord = z.infer<typeof historyRecordSchema>

/** How old its process was then, ms; null: not known. */
export const ageThenMs = ({ at, startedAt }: Pick<HistoryRecord, 'at' | 'startedAt'>): number | null =>
  startedAt === null ? null : Date.parse(at) - Date.parse(startedAt)

/** So soon after its start it was seen to start; later it was only found running. */
const WITNESSED_MS = 15_000

/** Whether a `started` is more than that it was seen first. */
export const wasWitnessed = (record: Pick<HistoryRecord, 'at' | 'startedAt'>): boolean =>
  (ageThenMs(record) ?? WITNESSED_MS) < WITNESSED_MS

/** The document of `history --json` and of `GET /api/history`. */
export const historySchema = z.object({
  schema: z.literal(SCHEMA_VERSION),
  /** The newest of those that were asked for, oldest first. */
  records: z.array(historyRecordSchema),
  /** There are older ones that were not asked for. */
  hasMore: z.boolean(),
})
export type History = z.infer<typeof historySchema>

/** One record a line, as the file has them. */
export const historyLines = (records: readonly HistoryRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('')

/** `after 2 aborted attempts`: the start that worked is not one of them. */
export const attemptWords = (attempts: number): string =>
  `after ${attempts - 1} aborted ${attempts === 2 ? 'attempt' : 'attempts'}`
