// Registry files. Ours: `instances.d/<pid>-<start>.json`. Foreign: three shapes of `instances.json`, read and never trusted.
import * as z from 'zod/mini'
import { projectSchema } from './instance.ts'
import { REGISTRY_VERSION } from './versions.ts'

const pid = z.int().check(z.gte(2), z.lte(2 ** 31 - 1))
const text = z.catch(z.nullable(z.string()), null)
const texts = z.catch(z.array(z.string()), [])
const port = z.catch(z.nullable(z.int().check(z.gte(1), z.lte(65_535))), null)
/** Seconds since the epoch, or ISO 8601. */
const time = z.catch(z.nullable(z.union([z.number(), z.string()])), null)

/** Epoch milliseconds of a valid date (ECMA-262: 100,000,000 days around the epoch). */
const epochMs = z.number().check(z.gte(-8.64e15), z.lte(8.64e15))

/** `--web-dashboard-global`, `--web-dashboard-global-open-on-launch`. */
const entryFlags = z.object({ isGlobal: z.nullable(z.boolean()), opensOnLaunch: z.nullable(z.boolean()) })
export type EntryFlags = z.infer<typeof entryFlags>

/** One of our own entries. Unknown keys are kept and written back. */
export const ownEntrySchema = z.looseObject({
  schema: z.literal(1),
  pid,
  /** Start of the process. */
  startedAt: epochMs,
  identity: z.string(),
  pidNamespace: z.catch(z.nullable(z.string()), null),
  port,
  project: z.catch(z.nullable(z.object({ name: z.string(), path: text })), null),
  context: text,
  modes: texts,
  /** The client that started it, if the writer knows it. */
  client: z.catch(z.nullable(z.object({ pid, name: z.string() })), null),
  /** The flags of `wrap`; a flag overrides the home's file. Null: not given. */
  flags: z.optional(z.catch(z.nullable(entryFlags), null)),
  /** `wrap`: written by the supervisor that started the process, and valid only with it. Absent: registered by hand. */
  origin: z.optional(z.catch(z.nullable(z.literal('wrap')), null)),
  updatedAt: z.catch(z.nullable(epochMs), null),
})
export type OwnEntry = z.infer<typeof ownEntrySchema>

/** One entry of any foreign shape: the same facts under different names. */
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

/** Shape c, as the `dashboard-global` branch of Serena writes it. */
export const shapeCSchema = z.looseObject({
  instances: z.record(z.string(), z.unknown()),
  lifecycle_events: z.array(z.unknown()),
})

const shortText = z.string().check(z.maxLength(256))
const path = z.string().check(z.minLength(1), z.maxLength(4096))
const givenPort = z.nullable(z.int().check(z.gte(1), z.lte(65_535)))
const givenProject = z.nullable(z.object({ name: shortText, path: z.nullable(path) }))
const givenModes = z.array(shortText).check(z.maxLength(64))

/** The body of `register`. A missing key is not known. */
export const registrationSchema = z.object({
  pid,
  /** Default: the home of the process, else the backend's own. */
  serenaHome: z.optional(z.nullable(path)),
  port: z.optional(givenPort),
  project: z.optional(givenProject),
  context: z.optional(z.nullable(shortText)),
  modes: z.optional(givenModes),
  client: z.optional(z.nullable(z.object({ pid, name: shortText }))),
  flags: z.optional(z.nullable(entryFlags)),
})
export type Registration = z.infer<typeof registrationSchema>

/** The body of `update`. A missing key stays unchanged. */
export const registryChangeSchema = z.object({
  port: z.optional(givenPort),
  project: z.optional(givenProject),
  context: z.optional(z.nullable(shortText)),
  modes: z.optional(givenModes),
})
export type RegistryChange = z.infer<typeof registryChangeSchema>

/** One registry entry as the surfaces show it. */
export const listedEntrySchema = z.object({
  id: z.string(),
  file: z.string(),
  serenaHome: z.string(),
  /** `own`: in `instances.d/`, can be changed here; `a`, `b`, `c`: in an `instances.json` of another program, by its shape. */
  shape: z.enum(['own', 'a', 'b', 'c']),
  pid: z.number(),
  /** ISO 8601. Own entries: start of the process; others: time of registration. */
  startedAt: z.nullable(z.string()),
  port: z.nullable(z.number()),
  project: z.nullable(projectSchema),
  context: z.nullable(z.string()),
  modes: z.array(z.string()),
  /** ISO 8601; when its writer last touched it. */
  lastSeenAt: z.nullable(z.string()),
  /** The status of the process now; `unknown`: not readable. */
  process: z.enum(['lives', 'gone', 'defunct', 'reused', 'unknown']),
  /** The instance of the entry; null: none. */
  instanceId: z.nullable(z.string()),
})
export type ListedEntry = z.infer<typeof listedEntrySchema>

/** The document of `registry list --json` and of `GET /api/registry`. */
export const registryListSchema = z.object({
  schema: z.literal(REGISTRY_VERSION),
  entries: z.array(listedEntrySchema),
  /** What could not be read, as sentences. */
  problems: z.array(z.string()),
})
export type RegistryList = z.infer<typeof registryListSchema>

/** The answer of the four changes. */
export const writtenEntrySchema = z.object({
  schema: z.literal(REGISTRY_VERSION),
  entry: ownEntrySchema,
  file: z.string(),
})
export type WrittenEntry = z.infer<typeof writtenEntrySchema>
