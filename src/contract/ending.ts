// Ending instances: the plan that is shown first, the receipt that is left afterwards, and the progress between the two.
import * as z from 'zod/mini'
import { type Instance, SCHEMA_VERSION } from './instance.ts'

/** How an instance is ended at last: by its own shutdown, by SIGTERM, by SIGKILL, or by removing the entry of a dead one. */
export const ENDING_WAYS = ['shutdown', 'terminate', 'force', 'entry-removed'] as const
export type EndingWay = (typeof ENDING_WAYS)[number]

/** A process of the person's in the tree of a Serena, such as an IDE, a browser or a development server. */
const leftRunningSchema = z.object({ pid: z.number(), name: z.string() })
export type LeftRunning = z.infer<typeof leftRunningSchema>

export const planItemSchema = z.object({
  /** The instance's. */
  id: z.string(),
  title: z.string(),
  /** The evidence, the deciding sentence first. */
  why: z.array(z.string()),
  /** The gentlest way that can work; what did work is in the receipt. */
  how: z.enum(ENDING_WAYS),
  /** How many processes end with it. */
  processes: z.number(),
  /** What returns; null: not known. */
  memoryBytes: z.nullable(z.number()),
  /** Whether it is chosen without a hand: never a refused one, and never a hung one whose client lives. */
  checked: z.boolean(),
  /** Why it will not be ended; null: it can be. */
  refusal: z.nullable(z.string()),
  /** What is left running, unless `includeChildren` is asked for; absent: nothing is, or an older backend does not say. */
  leftRunning: z.optional(z.array(leftRunningSchema)),
})
export type EndingPlanItem = z.infer<typeof planItemSchema>

const MAX_NAMED = 12

/** `idea64 (process 123), node dev-server.js (process 124)`. */
export function leftRunningText(all: readonly LeftRunning[]): string {
  const named = all.slice(0, MAX_NAMED).map(({ pid, name }) => `${name} (process ${pid})`)
  const more = all.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

/** The document of `kill --zombies --dry-run --json` and of `POST /api/ending/plan`. */
export const endingPlanSchema = z.object({
  schema: z.literal(SCHEMA_VERSION),
  plan: z.array(planItemSchema),
})
export type EndingPlan = z.infer<typeof endingPlanSchema>

/** The document of `kill --json` and of `POST /api/ending`. */
export const receiptSchema = z.object({
  schema: z.literal(SCHEMA_VERSION),
  ended: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      how: z.enum(ENDING_WAYS),
      processes: z.number(),
      freedBytes: z.number(),
      /** For a shell: what it was started with, its secrets masked. To be copied; never run. Null: not known. */
      launch: z.nullable(z.string()),
    }),
  ),
  /** Nothing was done to these. */
  refused: z.array(z.object({ id: z.string(), why: z.string() })),
  /** Processes that live on although their instance was to be ended. */
  survivors: z.array(z.object({ pid: z.number(), why: z.string() })),
  /** Programs of the person's that run on; `id`: the instance that started them. Absent: there are none. */
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
   * `red` (default): each is ended only if it is red still; one that recovered is left alone. `named`: each was named by the
   * person, and is ended whatever its state.
   */
  scope: z.optional(z.enum(['red', 'named'])),
  /** `kill` (default) forces in the end; `stop` asks and waits, and never forces. */
  mode: z.optional(z.enum(['kill', 'stop'])),
  /** Ends the person's programs in its tree too; default: they are left running. */
  includeChildren: z.optional(z.boolean()),
  /**
   * ISO 8601: each is ended only if it has had no MCP message since then. What is offered because it is unused is left alone when
   * it was used meanwhile.
   */
  unusedSince: z.optional(z.iso.datetime()),
  /** Who asks, for the history; default: `page`. */
  by: z.optional(z.enum(['page', 'command-line'])),
})
export type EndRequest = z.infer<typeof endRequestSchema>

/** How one that a person chose is named: a red one that recovers meanwhile is left alone, any other is what was meant. */
export const scopeOf = ({
  colour,
  verdict,
  flags,
}: Pick<Instance, 'colour' | 'verdict' | 'flags'>): NonNullable<EndRequest['scope']> =>
  colour === 'red' && verdict.certainty === 'certain' && !flags.includes('finishing') ? 'red' : 'named'

export const ENDING_STEPS = ['asked', 'terminated', 'forced', 'ended', 'refused', 'survived'] as const
export type EndingStep = (typeof ENDING_STEPS)[number]

/** What is happening to one instance that is being ended; numbered by nothing and repeated by nobody: the receipt holds the result. */
export const endingEventSchema = z.object({
  type: z.literal('ending'),
  id: z.string(),
  step: z.enum(ENDING_STEPS),
  /** One plain sentence. */
  text: z.string(),
})
export type EndingEvent = z.infer<typeof endingEventSchema>
