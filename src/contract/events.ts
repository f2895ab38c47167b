// The event stream: hello, then a snapshot, then deltas. Each server-sent event's data is one JSON object with a `type`.
import * as z from 'zod/mini'
import { endingEventSchema } from './ending.ts'
import { helperProcessSchema } from './helper-process.ts'
import { hubStatusSchema } from './hub.ts'
import { instanceListSchema, instanceSchema, noticeSchema } from './instance.ts'

const helloSchema = z.object({
  type: z.literal('hello'),
  /** On mismatch the page reloads itself: the backend is another version. */
  schema: z.number(),
  version: z.string(),
  /** Names this stream in `PUT /api/streams/:streamId`. */
  streamId: z.string(),
})

const snapshotSchema = z.object({
  type: z.literal('snapshot'),
  /** The next delta's number is one more; a gap means: reconnect and take the snapshot. */
  sequence: z.number(),
  list: instanceListSchema,
})

const deltaSchema = z.object({
  type: z.literal('delta'),
  sequence: z.number(),
  sweptAt: z.string(),
  changed: z.array(instanceSchema),
  removed: z.array(z.string()),
  /** Tabs of launchers that are now tabs of their Serenas: the page keeps place and selection. */
  handovers: z.array(z.object({ from: z.string(), to: z.string() })),
  /** Null: as before. */
  notices: z.nullable(z.array(noticeSchema)),
  /** Null: as before. */
  serenaHomes: z.nullable(z.array(z.string())),
  /** Absent: as before. */
  helperProcesses: z.optional(z.array(helperProcessSchema)),
})

/** The state of the hub, after the snapshot and after each change. It has no number: each one replaces the one before. */
const hubEventSchema = z.object({
  type: z.literal('hub'),
  /** Null: no hub is running. */
  hub: z.nullable(hubStatusSchema),
})

export const deckEventSchema = z.discriminatedUnion('type', [
  helloSchema,
  snapshotSchema,
  deltaSchema,
  endingEventSchema,
  hubEventSchema,
])
export type DeckEvent = z.infer<typeof deckEventSchema>
export type SnapshotEvent = z.infer<typeof snapshotSchema>
export type DeltaEvent = z.infer<typeof deltaSchema>

/** A change of the instance list, before it gets its number in the stream. */
export type InstanceChanges = Omit<DeltaEvent, 'type' | 'sequence'>
