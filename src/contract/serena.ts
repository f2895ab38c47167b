// The answers of Serena's dashboard, 0.1.4 to 2.1.0 and later: a missing or changed field is null or empty, never a failure. Only an
// answer that is not an object is invalid.
import * as z from 'zod/mini'

/** Longer than any name, path or version. These fields are sent to every page with each change. */
const MAX_TEXT = 4_096
/** Modes are sent with every change as well. */
const MAX_MODES = 100

const word = z.pipe(
  z.string(),
  z.transform((whole: string) => whole.slice(0, MAX_TEXT)),
)
const text = z.catch(z.nullable(word), null)
const flag = z.catch(z.nullable(z.boolean()), null)
const count = z.catch(z.number(), 0)

/** Keeps the valid elements and drops the others. */
const fittingOf = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.pipe(
    z.array(z.unknown()),
    z.transform((items: unknown[]): z.output<Schema>[] =>
      items.flatMap((item) => {
        const parsed = z.safeParse(schema, item)
        return parsed.success ? [parsed.data] : []
      }),
    ),
  )
/** A value that is not a list becomes an empty list. */
const listOf = <Schema extends z.core.$ZodType>(schema: Schema) => z.catch(fittingOf(schema), [])
/** A value that is not a list becomes null. */
const nullableListOf = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.catch(z.nullable(fittingOf(schema)), null)

/** Keeps the valid entries, by name. */
const entriesOf = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.pipe(
    z.catch(z.record(z.string(), z.unknown()), {}),
    z.transform((record: Record<string, unknown>): (readonly [string, z.output<Schema>])[] =>
      Object.entries(record).flatMap(([name, value]) => {
        const parsed = z.safeParse(schema, value)
        return parsed.success ? [[name, parsed.data] as const] : []
      }),
    ),
  )

const choice = z.object({ name: z.string(), path: text, is_active: flag })
const inUse = z.object({ name: word, description: text, path: text })

export const serenaOverviewSchema = z.looseObject({
  active_project: z.catch(
    z.nullable(z.object({ name: text, path: text, language: text, is_trusted: flag })),
    null,
  ),
  context: z.catch(z.nullable(inUse), null),
  modes: z.pipe(
    listOf(inUse),
    z.transform((modes) => modes.slice(0, MAX_MODES)),
  ),
  active_tools: listOf(z.string()),
  tool_stats_summary: entriesOf(z.object({ num_calls: count })),
  registered_projects: listOf(choice),
  available_tools: listOf(z.object({ name: z.string() })),
  available_modes: listOf(choice),
  available_contexts: listOf(choice),
  available_memories: nullableListOf(z.string()),
  jetbrains_mode: flag,
  languages: listOf(z.string()),
  encoding: text,
  current_client: text,
  serena_version: text,
  newer_serena_version: text,
  agent_interface: text,
  language_backend: text,
  facades: nullableListOf(
    z.object({
      name: z.string(),
      is_enabled: flag,
      methods: listOf(z.object({ name: z.string(), is_enabled: flag })),
    }),
  ),
  /** Null: not chosen yet. Absent before 2.1.0. */
  web_dashboard_open_on_launch: z.catch(z.optional(z.nullable(z.boolean())), undefined),
})

export const serenaLogSchema = z.object({
  messages: listOf(z.string()),
  /** -1: empty. */
  max_idx: z.int().check(z.gte(-1)),
  /** Absent before 1.0.0. */
  active_project: z.optional(z.nullable(word)),
})

export const serenaToolNamesSchema = z.object({ tool_names: listOf(z.string()) })

export const serenaToolStatsSchema = z.object({
  stats: entriesOf(z.object({ num_times_called: count, input_tokens: count, output_tokens: count })),
})

export const serenaEstimatorSchema = z.object({ token_count_estimator_name: text })

const executionSchema = z.object({
  task_id: z.number(),
  name: z.string(),
  is_running: z.catch(z.boolean(), false),
  finished_successfully: flag,
  /** False: a request of the dashboard itself. */
  logged: z.catch(z.boolean(), true),
})
export const serenaQueueSchema = z.object({ queued_executions: listOf(executionSchema) })
export const serenaLastExecutionSchema = z.object({
  last_execution: z.catch(z.nullable(executionSchema), null),
})
export const serenaMemorySchema = z.object({ content: z.string() })
export const serenaLanguagesSchema = z.object({ languages: listOf(z.string()) })
export const serenaCancelSchema = z.object({ was_cancelled: z.catch(z.boolean(), false) })
/** 1.0.0 only; each item has a page at `/dashboard/news/<id>.html`. */
export const serenaNewsIdsSchema = z.object({ news_snippet_ids: listOf(z.int().check(z.nonnegative())) })
export const serenaNewsSchema = z.object({ news: entriesOf(z.string()) })
export const serenaConfigSchema = z.object({ content: z.string() })
/** `{"status":"success"|"cleared",…}`: done or queued. */
export const serenaDoneSchema = z.object({ status: z.enum(['success', 'cleared']) })

export type SerenaExecution = z.infer<typeof executionSchema>

/** Business errors come with status 200. */
export const serenaRefusalSchema = z.object({
  status: z.literal('error'),
  message: z.catch(z.string(), 'no reason given'),
})
