// The status of the hub, as `hub status --json` prints it. The hub is one process per user that runs one Serena for all clients of a
// project.
import * as z from 'zod/mini'
import { projectSchema } from './instance.ts'
import { HUB_VERSION } from './versions.ts'

/**
 * `stopped`: not started yet; `asleep`: ended after its idle time, the next call starts it again; `failed`: it crashed too often or
 * cannot be started.
 */
export const HUB_SERENA_STATES = ['stopped', 'starting', 'running', 'asleep', 'failed'] as const
export type HubSerenaState = (typeof HUB_SERENA_STATES)[number]

/** The time of `recentCalls`. */
export const RECENT_MS = 5 * 60_000

export const hubClientSchema = z.object({
  /** `c3`: for `hub detach`. */
  id: z.string(),
  /** Of its `connect` process; null: it is connected by HTTP. */
  pid: z.nullable(z.number()),
  /** As in `initialize`; null: not known yet. */
  name: z.nullable(z.string()),
  folder: z.nullable(z.string()),
  /** ISO 8601. */
  connectedAt: z.string(),
  /** ISO 8601; null: no tool was called. */
  lastCallAt: z.nullable(z.string()),
  /** Tool calls that were not sent to Serena yet. */
  waiting: z.number(),
  /** Tool calls that Serena has not answered yet. */
  running: z.number(),
  /** Tool calls since it connected; absent: a hub of an earlier version. */
  calls: z.optional(z.number()),
  /** Tool calls in the last five minutes, at the time of the status; absent: a hub of an earlier version. */
  recentCalls: z.optional(z.number()),
})
export type HubClient = z.infer<typeof hubClientSchema>

export const hubSerenaSchema = z.object({
  /** `s1`: for `hub stop` and `hub restart`. */
  id: z.string(),
  /** The started process, Serena or its launcher; null: none is running. */
  pid: z.nullable(z.number()),
  state: z.enum(HUB_SERENA_STATES),
  project: z.nullable(projectSchema),
  context: z.nullable(z.string()),
  modes: z.array(z.string()),
  serenaHome: z.string(),
  /** Why it is not shared, as a sentence; null: it is shared. */
  privateBecause: z.nullable(z.string()),
  /** Above 0; null: it never sleeps. */
  idleShutdownMinutes: z.nullable(z.number()),
  /** Of its process tree; null: not running or not measured. */
  memoryBytes: z.nullable(z.number()),
  /** Crashes since the hub started. */
  crashes: z.number(),
  /** Why it has failed, as a sentence; null: it has not. */
  fault: z.nullable(z.string()),
  clients: z.array(hubClientSchema),
})
export type HubSerena = z.infer<typeof hubSerenaSchema>

export const hubStatusSchema = z.object({
  schema: z.literal(HUB_VERSION),
  pid: z.number(),
  /** The version of Serena Deck that it runs. */
  release: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** `http://127.0.0.1:25283/mcp/`; null: HTTP is off. */
  httpUrl: z.nullable(z.string()),
  /** Why HTTP does not work although it is on, as a sentence. */
  httpFault: z.optional(z.nullable(z.string())),
  serenas: z.array(hubSerenaSchema),
  /** Memory that separate Serenas would use more; null: not measured. */
  savedBytes: z.nullable(z.number()),
})
export type HubStatus = z.infer<typeof hubStatusSchema>

/** Returns the memory that one Serena per client would use more: for each running Serena its tree, times the clients beyond the first. */
export function savedBytesOf(serenas: readonly Pick<HubSerena, 'memoryBytes' | 'clients'>[]): number {
  return serenas.reduce(
    (sum, { memoryBytes, clients }) => sum + (memoryBytes ?? 0) * Math.max(clients.length - 1, 0),
    0,
  )
}
