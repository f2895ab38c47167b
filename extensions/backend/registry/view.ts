// The view that is published as `SERENA_HOME/instances.json`: shape c with exactly its keys. Programs that write that file read it
// strictly: an additional key makes them ignore the file, a wrong type prevents their Serenas from starting. Pure.
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { parseJson } from '../lib/parse-json.ts'
import type { PublishedInstance } from './registry-entry.ts'

/** One entry of shape c. */
const viewEntrySchema = z.strictObject({
  pid: z.int(),
  port: z.int(),
  started_at: z.number(),
  last_heartbeat: z.number(),
  context: z.nullable(z.string()),
  modes: z.array(z.string()),
  project_name: z.nullable(z.string()),
  project_root: z.nullable(z.string()),
  state: z.enum(['live_no_project', 'live_with_project', 'zombie']),
  zombie_detected_at: z.nullable(z.number()),
})
export type ViewEntry = z.infer<typeof viewEntrySchema>

/** The file as other programs write it; their entries are kept unchanged. */
const viewSchema = z.strictObject({
  instances: z.record(
    z.string().check(z.regex(/^\d+$/)),
    z.looseObject({ pid: z.int(), started_at: z.number() }),
  ),
  lifecycle_events: z.array(z.unknown()),
  global_dashboard_pid: z.nullable(z.int()),
  global_dashboard_port: z.nullable(z.int()),
})
export type View = z.infer<typeof viewSchema>

export const EMPTY_VIEW: View = {
  instances: {},
  lifecycle_events: [],
  global_dashboard_pid: null,
  global_dashboard_port: null,
}

/** Which of the file's entries are ours, and the hash of the file as we wrote it. A file of its own, because shape c has no key for it. */
export interface PublishRecord {
  hash: string | null
  entries: readonly { pid: number; startedAt: number }[]
}
export const NO_RECORD: PublishRecord = { hash: null, entries: [] }
export const recordSchema = z.object({
  schema: z.literal(1),
  hash: z.nullable(z.string()),
  entries: z.array(z.object({ pid: z.int(), startedAt: z.number() })),
})

/** Returns the view of the text; null: it is not exactly shape c, or incomplete: only the program that wrote it may replace it. */
export const parseView = (text: string): View | null => parseJson(viewSchema, text)

/** Returns the SHA-256 in hex. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Returns the view's entry of an instance. Orphaned and hung instances are zombies there as well. */
export function viewEntry(one: PublishedInstance, before: View, nowMs: number): ViewEntry {
  const isZombie = one.state === 'orphaned' || one.state === 'hung'
  const now = nowMs / 1000
  const earlier = z.safeParse(viewEntrySchema, before.instances[String(one.pid)])
  const detectedAt = earlier.success ? earlier.data.zombie_detected_at : null
  return {
    pid: one.pid,
    port: one.port,
    started_at: one.startedAtMs / 1000,
    last_heartbeat: now,
    context: one.context,
    modes: [...one.modes],
    project_name: one.projectName,
    project_root: one.projectRoot,
    state: isZombie ? 'zombie' : one.projectName === null ? 'live_no_project' : 'live_with_project',
    zombie_detected_at: isZombie ? (detectedAt ?? now) : null,
  }
}

/** Returns true if the record names the entry as ours. */
export const isOurs = (record: PublishRecord, entry: { pid: number; started_at: number }): boolean =>
  record.entries.some(({ pid, startedAt }) => pid === entry.pid && startedAt === entry.started_at)

/** Returns the entries of other programs: all that are not proven to be ours. */
export const foreignOf = (view: View, record: PublishRecord): View['instances'] =>
  Object.fromEntries(Object.entries(view.instances).filter(([, entry]) => !isOurs(record, entry)))

/** Returns the next view: entries of others unchanged, then ours. A pid that another program has registered stays its entry. */
export function nextView(
  before: View,
  record: PublishRecord,
  ours: readonly PublishedInstance[],
  nowMs: number,
): View {
  const foreign = foreignOf(before, record)
  const fresh = ours.filter(({ pid }) => !(String(pid) in foreign))
  return {
    ...before,
    instances: {
      ...foreign,
      ...Object.fromEntries(fresh.map((one) => [String(one.pid), viewEntry(one, before, nowMs)])),
    },
  }
}

/** Returns true if only the heartbeat times differ. */
export function isSameView(a: View, b: View): boolean {
  const bare = (view: View): string =>
    JSON.stringify(view, (key, value: unknown) => (key === 'last_heartbeat' ? undefined : value))
  return bare(a) === bare(b)
}

/** Returns the text of the file. */
export const renderView = (view: View): string => JSON.stringify(view, null, 2)

/** A program with running Serenas writes at each of its heartbeats, 5 s apart. */
export const QUIET_MS = 60_000

export interface ForeignInput {
  text: string
  view: View
  record: PublishRecord
  modifiedAtMs: number
  nowMs: number
  ownPid: number
  /** Returns whether the process of an entry may be running; true if that is not known. */
  mayRun: (pid: number, startedAtMs: number | null) => boolean
}

/** Returns why another program may be writing the file; null: no program does. */
export function foreignWriter(input: ForeignInput): string | null {
  const { text, view, record, modifiedAtMs, nowMs, ownPid, mayRun } = input
  const running = Object.values(foreignOf(view, record)).find(({ pid, started_at }) =>
    mayRun(pid, started_at * 1000),
  )
  if (running) return `process ${running.pid} registered itself there and is running`
  const host = view.global_dashboard_pid
  if (host !== null && host !== ownPid && mayRun(host, null))
    return `process ${host} serves its dashboard from this file`
  const isChanged = record.hash !== hashOf(text)
  return isChanged && nowMs - modifiedAtMs < QUIET_MS
    ? 'another program wrote it less than a minute ago'
    : null
}
