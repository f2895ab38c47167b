// The content of a tab: the answers of the instance's dashboard in one shape for all versions of Serena.
import * as z from 'zod/mini'

const name = z.string()
const nullableText = z.nullable(z.string())

/** A mode or context in use. */
const inUseSchema = z.object({ name, description: nullableText, path: nullableText })
/** A project, mode or context that can be used. */
const choiceSchema = z.object({ name, path: nullableText, isActive: z.boolean() })
export type Choice = z.infer<typeof choiceSchema>

/** A REPL facade (Serena 2.0.0 and later with the REPL interface). */
const facadeSchema = z.object({
  name,
  isEnabled: z.boolean(),
  methods: z.array(z.object({ name, isEnabled: z.boolean() })),
})

export const overviewSchema = z.object({
  serenaVersion: nullableText,
  newerSerenaVersion: nullableText,
  project: z.nullable(
    z.object({
      name,
      path: nullableText,
      languages: z.array(z.string()),
      isTrusted: z.nullable(z.boolean()),
    }),
  ),
  context: z.nullable(inUseSchema),
  modes: z.array(inUseSchema),
  /** `tools` or `REPL`; null before 2.0.0. */
  agentInterface: nullableText,
  /** `LSP` or `JetBrains`. */
  languageBackend: nullableText,
  languageServers: z.array(z.string()),
  encoding: nullableText,
  client: nullableText,
  activeTools: z.array(z.string()),
  availableTools: z.array(z.string()),
  facades: z.nullable(z.array(facadeSchema)),
  /** Null: no project is active, or this instance cannot read memories. */
  memories: z.nullable(z.array(z.string())),
  registeredProjects: z.array(choiceSchema),
  availableModes: z.array(choiceSchema),
  availableContexts: z.array(choiceSchema),
  toolCalls: z.array(z.object({ tool: name, calls: z.number() })),
  /** Whether its own page opens at each start; null: this version of Serena has no such setting. */
  opensDashboardOnLaunch: z.nullable(z.union([z.boolean(), z.literal('undecided')])),
  /** Facts that this Serena reports and Serena Deck does not support, under Serena's own names. */
  otherFacts: z.array(z.object({ name, value: z.string() })),
})
export type Overview = z.infer<typeof overviewSchema>

export const toolStatsSchema = z.object({
  estimator: nullableText,
  tools: z.array(
    z.object({ tool: name, calls: z.number(), inputTokens: z.number(), outputTokens: z.number() }),
  ),
})
export type ToolStats = z.infer<typeof toolStatsSchema>

export const executionSchema = z.object({
  taskId: z.number(),
  /** As Serena reports it, such as `Task-4:WriteMemoryTool`. */
  name,
  isRunning: z.boolean(),
  finishedSuccessfully: z.nullable(z.boolean()),
})
export type Execution = z.infer<typeof executionSchema>

export const executionsSchema = z.object({
  /** Running first. The dashboard's own background requests are left out. */
  queue: z.array(executionSchema),
  last: z.nullable(executionSchema),
})
export type Executions = z.infer<typeof executionsSchema>

export const logPageSchema = z.object({
  /** Index of the first line of `lines` in the instance's whole history. */
  from: z.number(),
  /** The `from` of the next request. */
  next: z.number(),
  /** True: the log was cleared or belongs to another process: replace all earlier lines with these. */
  isReset: z.boolean(),
  /** Lines before `from` that the instance's ring buffer of 2500 lines had already dropped. */
  missed: z.number(),
  lines: z.array(z.string()),
})
export type LogPage = z.infer<typeof logPageSchema>

export const memorySchema = z.object({ name, content: z.string() })

/** Serena's global configuration, with its secrets masked. */
export const configurationSchema = z.object({
  text: z.string(),
  /** Identifies the state on disk that `text` shows. */
  etag: z.string(),
})

/** The changes that saving a configuration would make. */
export const configurationPreviewSchema = z.object({
  /** Removed lines start with `-`, added ones with `+`, unchanged ones with a space. */
  diff: z.array(z.string()),
  /** Sent with the save, as proof that this diff was shown. */
  hash: z.string(),
  /** Why it cannot be saved, such as invalid YAML; null: it can be saved. */
  problem: nullableText,
})

/** Returns the schema of a part of the dashboard that this version of Serena may not have; then with the version that added it. */
export function capability<Schema extends z.core.$ZodType>(data: Schema) {
  return z.discriminatedUnion('isAvailable', [
    z.object({ isAvailable: z.literal(true), data }),
    z.object({ isAvailable: z.literal(false), since: nullableText, why: z.string() }),
  ])
}
export type Capability<Data> =
  | { isAvailable: true; data: Data }
  | { isAvailable: false; since: string | null; why: string }

export const overviewAnswerSchema = capability(overviewSchema)
export const toolStatsAnswerSchema = capability(toolStatsSchema)
export const executionsAnswerSchema = capability(executionsSchema)
export const logPageAnswerSchema = capability(logPageSchema)
/** News from the makers of Serena, newest first; HTML that is shown as text only. */
export const newsAnswerSchema = capability(
  z.object({ items: z.array(z.object({ id: z.string(), html: z.string() })) }),
)
export const languagesAnswerSchema = capability(z.object({ languages: z.array(z.string()) }))
