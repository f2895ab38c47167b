// Ending instances: the plan that is shown first, the progress, and the receipt.
import * as z from 'zod/mini'
import { isCertainZombie, type ZombieFacts } from './instance.ts'
import { PLAN_VERSION, RECEIPT_VERSION } from './versions.ts'

/** How an instance ended: by its own shutdown, by SIGTERM, by SIGKILL, or by removing the registry entry of a dead one. */
export const ENDING_WAYS = ['shutdown', 'terminate', 'force', 'entry-removed'] as const
export type EndingWay = (typeof ENDING_WAYS)[number]

/** A user's process in the tree of a Serena, such as an IDE, a browser or a development server. */
const leftRunningSchema = z.object({ pid: z.number(), name: z.string() })
export type LeftRunning = z.infer<typeof leftRunningSchema>

export const planItemSchema = z.object({
  /** The instance's. */
  id: z.string(),
  title: z.string(),
  /** The evidence, the deciding sentence first. */
  why: z.array(z.string()),
  /** The gentlest way that can work; the way that worked is in the receipt. */
  how: z.enum(ENDING_WAYS),
  /** How many processes end with it. */
  processes: z.number(),
  /** The memory that becomes free; null: not known. */
  memoryBytes: z.nullable(z.number()),
  /** Whether it is selected by default: never a refused one, and never a hung one whose client is running. */
  checked: z.boolean(),
  /** Why it will not be ended; null: it can be ended. */
  refusal: z.nullable(z.string()),
  /** Processes that are left running without `includeChildren`; absent: none, or an older backend. */
  leftRunning: z.optional(z.array(leftRunningSchema)),
  /** The user chose that instances of its project are ended only by name; absent: no. */
  isLeftAlone: z.optional(z.literal(true)),
})
export type EndingPlanItem = z.infer<typeof planItemSchema>

const MAX_NAMED = 12

/** Returns `idea64 (process 123), node dev-server.js (process 124)`. */
export function leftRunningText(all: readonly LeftRunning[]): string {
  const named = all.slice(0, MAX_NAMED).map(({ pid, name }) => `${name} (process ${pid})`)
  const more = all.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

/** The document of `kill --zombies --dry-run --json` and of `POST /api/ending/plan`. */
export const endingPlanSchema = z.object({
  schema: z.literal(PLAN_VERSION),
  plan: z.array(planItemSchema),
})
export type EndingPlan = z.infer<typeof endingPlanSchema>

/** The document of `kill --json` and of `POST /api/ending`. */
export const receiptSchema = z.object({
  schema: z.literal(RECEIPT_VERSION),
  ended: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      how: z.enum(ENDING_WAYS),
      processes: z.number(),
      freedBytes: z.number(),
      /** The start command for a shell, with its secrets masked, to copy; it is never run. Null: not known. */
      launch: z.nullable(z.string()),
      /** Why that command no longer works, one sentence; null or absent: no problem is known. */
      launchProblem: z.optional(z.nullable(z.string())),
    }),
  ),
  /** Instances that were left alone. */
  refused: z.array(z.object({ id: z.string(), why: z.string() })),
  /** Processes that are still running after the attempt to end their instance. */
  survivors: z.array(z.object({ pid: z.number(), why: z.string() })),
  /** The user's programs that keep running; `id`: the instance that started them. Absent: none. */
  leftRunning: z.optional(z.array(z.extend(leftRunningSchema, { id: z.string() }))),
})
export type Receipt = z.infer<typeof receiptSchema>

const instanceIds = z
  .array(z.string().check(z.regex(/^\d+-[0-9a-f]{12}$/)))
  .check(z.minLength(1), z.maxLength(2000))

export const planRequestSchema = z.object({
  /** Null: every red one. Ids: these, whatever their state. */
  ids: z.nullable(instanceIds),
})

export const endRequestSchema = z.object({
  ids: instanceIds,
  /**
   * `red` (default): each is ended only if it is still red; one that recovered is left alone. `named`: the user named each, and
   * it is ended whatever its state.
   */
  scope: z.optional(z.enum(['red', 'named'])),
  /** `kill` (default) uses SIGKILL as a last resort; `stop` asks, waits, and never forces. */
  mode: z.optional(z.enum(['kill', 'stop'])),
  /** Also ends the user's programs in its tree; default: they are left running. */
  includeChildren: z.optional(z.boolean()),
  /**
   * ISO 8601: each is ended only if it has had no MCP message since then. An instance that is offered as unused is left alone if
   * it was used since.
   */
  unusedSince: z.optional(z.iso.datetime()),
  /** The requester, for the history; default: `page`. */
  by: z.optional(z.enum(['page', 'command-line'])),
})
export type EndRequest = z.infer<typeof endRequestSchema>

/** Returns the scope of an instance that the user chose: a red one that recovers is left alone, any other is ended as named. */
export const scopeOf = (instance: ZombieFacts): NonNullable<EndRequest['scope']> =>
  isCertainZombie(instance) ? 'red' : 'named'

export const ENDING_STEPS = ['asked', 'terminated', 'forced', 'ended', 'refused', 'survived'] as const
export type EndingStep = (typeof ENDING_STEPS)[number]

/** The progress of ending one instance. It has no number and is not repeated: the receipt has the result. */
export const endingEventSchema = z.object({
  type: z.literal('ending'),
  id: z.string(),
  step: z.enum(ENDING_STEPS),
  /** One plain sentence. */
  text: z.string(),
})
export type EndingEvent = z.infer<typeof endingEventSchema>
