// The options of a stand-in: one JSON object in an environment variable.
import * as z from 'zod/mini'

export const STAND_IN_VARIABLE = 'SERENA_DECK_STAND_IN'

const projectSchema = z.object({ name: z.string(), path: z.string() })

export const standInOptionsSchema = z.object({
  /** Active from the start; null: none. */
  project: z._default(z.nullable(projectSchema), null),
  /** SIGUSR1 and the command `project` switch to it and back. */
  otherProject: z._default(z.nullable(projectSchema), null),
  /** `never`: no dashboard at all, as with `--enable-web-dashboard false`; `late`: opens after `opensAfterMs`. */
  dashboard: z._default(z.enum(['open', 'late', 'never']), 'open'),
  opensAfterMs: z._default(z.number(), 0),
  /** The first port to try. */
  basePort: z._default(z.number(), 24282),
  /** Where to listen; a wider address makes it `exposed`. */
  address: z._default(z.string(), '127.0.0.1'),
  /** `web_dashboard_trusted_hosts` as it was when it started: a request for another host gets status 400. Empty: all are trusted. */
  trustedHosts: z._default(z.array(z.string()), ['127.0.0.1', 'localhost']),
  /** The version to imitate: later routes and keys do not exist. */
  version: z._default(z.string(), '2.1.0'),
  /** Accepts and never answers from then on; null: answers. */
  hangsAfterMs: z._default(z.nullable(z.number()), null),
  /** Hangs only after this number of answers. */
  hangsAfterAnswers: z._default(z.number(), 0),
  /** Delay before each answer. */
  answerDelayMs: z._default(z.number(), 0),
  /** Log lines written per second. */
  logLinesPerSecond: z._default(z.number(), 0),
  /** Markup, terminal codes and bidi controls in names and log lines. */
  isHostile: z._default(z.boolean(), false),
  /** Keys that no Serena has yet, in every answer. */
  hasExtraFields: z._default(z.boolean(), false),
  /** Unread news, by date. */
  news: z._default(z.record(z.string(), z.string()), {}),
  /** Keys whose value has another type in every answer. */
  changedTypes: z._default(z.array(z.string()), []),
  /** Routes that answer 404. */
  missingRoutes: z._default(z.array(z.string()), []),
  /** Routes that never answer: `before` or `after` they have handled the request. */
  silentRoutes: z._default(z.record(z.string(), z.enum(['before', 'after'])), {}),
  /** Null: not decided yet. */
  opensOnLaunch: z._default(z.nullable(z.boolean()), false),
  /** The newer version that it reports. */
  newerVersion: z._default(z.nullable(z.string()), null),
  /** A tool that is reported as running from the start, such as `Task-7:ExecuteShellCommandTool`. */
  runningTask: z._default(z.nullable(z.string()), null),
  /** Keeps running when its stdin ends, like a Serena whose pipe another process holds open. */
  ignoresEndOfInput: z._default(z.boolean(), false),
})
export type StandInOptions = z.infer<typeof standInOptionsSchema>
/** The options that a caller sets; the others have defaults. */
export type StandInInput = z.input<typeof standInOptionsSchema>

/** Returns the options of this process; throws a ZodError when the variable holds nonsense. */
export function readStandInOptions(env: NodeJS.ProcessEnv): StandInOptions {
  const parsed: unknown = JSON.parse(env[STAND_IN_VARIABLE] ?? '{}')
  return standInOptionsSchema.parse(parsed)
}
