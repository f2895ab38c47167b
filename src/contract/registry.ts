// Registry files. Ours: `instances.d/<pid>-<start>.json`. Foreign: three shapes of `instances.json`, read and never trusted.
import * as z from 'zod/mini'

const pid = z.int().check(z.gte(2), z.lte(2 ** 31 - 1))
const text = z.catch(z.nullable(z.string()), null)
const texts = z.catch(z.array(z.string()), [])
const port = z.catch(z.nullable(z.int().check(z.gte(1), z.lte(65_535))), null)
/** Seconds since the epoch, or ISO 8601. */
const time = z.catch(z.nullable(z.union([z.number(), z.string()])), null)

/** One entry of ours. Unknown keys are kept and written back. */
export const ownEntrySchema = z.looseObject({
  schema: z.literal(1),
  pid,
  /** Epoch milliseconds at which the process began. */
  startedAt: z.number(),
  identity: z.string(),
  pidNamespace: z.catch(z.nullable(z.string()), null),
  port,
  project: z.catch(z.nullable(z.object({ name: z.string(), path: text })), null),
  context: text,
  modes: texts,
  updatedAt: z.catch(z.nullable(z.number()), null),
})

/** One entry of any foreign shape: they differ in names of the same facts. */
export const foreignEntrySchema = z.looseObject({
  pid,
  port,
  project_name: text,
  project_root: text,
  context: text,
  modes: texts,
  started_at: time,
  last_seen: time,
  last_heartbeat: time,
})

/** Shape c, as the nearest relative of this tool writes it. */
export const shapeCSchema = z.looseObject({
  instances: z.record(z.string(), z.unknown()),
  lifecycle_events: z.array(z.unknown()),
})
