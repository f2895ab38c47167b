// The client of one Serena dashboard: short probes that never throw, and the calls that a tab makes.
import type { Capability, Executions, LogPage, Overview, ToolStats } from '#contract/details'
import { AppError } from '#contract/errors'
import {
  serenaEstimatorSchema,
  serenaLastExecutionSchema,
  serenaQueueSchema,
  serenaToolNamesSchema,
} from '#contract/serena'
import type { DashboardLook, ProbeOutcome } from '../../facts.ts'
import type { DashboardTarget, HostRefusal } from '../../facts-network.ts'
import type { DashboardActions } from '../../services.ts'
import { createActions } from './actions.ts'
import { parseAnswer, toExecution, toLogPage, toLook, toOverview, toToolStats } from './answers.ts'
import { isUnasked, type OwnsConnection } from './open-connection.ts'
import { type Answer, createTransport, type Exchange } from './transport.ts'

export interface DashboardLimits {
  /** A probe without an answer for so long is a miss. */
  probeMs: number
  /** How long a caller waits for a tab's facts. */
  callMs: number
  /** How long an overview is waited for upstream: until 1.5.3 it stands in line behind the running tool. */
  overviewMs: number
}
export const LIMITS: DashboardLimits = { probeMs: 1_500, callMs: 4_000, overviewMs: 300_000 }

export interface Dashboard {
  /** True when its tools name `find_symbol`, which every Serena has and nothing else. */
  identify(): Promise<{ outcome: ProbeOutcome; isSerena: boolean }>
  /** Alive, active project, newest log index; no lines travel. */
  look(): Promise<{ outcome: ProbeOutcome; look: DashboardLook | null }>
  /** `/heartbeat`; before 1.0.0 `/get_log_messages`. */
  heartbeat(): Promise<ProbeOutcome>
  /** AppError `dashboard-timeout` after `callMs`; the request itself goes on and the next caller shares it. */
  overview(): Promise<Capability<Overview>>
  executions(): Promise<Capability<Executions>>
  toolStats(): Promise<Capability<ToolStats>>
  logs(from: number): Promise<Capability<LogPage>>
  /** Each is sent only once the owner of the target is proven to have the other end of the connection. */
  readonly actions: DashboardActions
  /** Null: it accepts the host 127.0.0.1, or has not been asked. */
  hostRefusal(): HostRefusal | null
  close(): Promise<void>
}

export interface DashboardDeps {
  target: DashboardTarget
  /** Absent where the platform cannot tell. */
  ownsConnection?: OwnsConnection | undefined
  /** Monotonic milliseconds. */
  now: () => number
  /** Shared by all dashboards: bounds the probes in flight. */
  limit: <Value>(task: () => Promise<Value>) => Promise<Value>
  limits?: DashboardLimits
}

/** Further than any log reaches. */
const BEYOND_THE_END = 1_000_000_000
const SINCE = '1.0.0'
const absent = (what: string): { isAvailable: false; since: string; why: string } => ({
  isAvailable: false,
  since: SINCE,
  why: `This Serena does not tell ${what}.`,
})

/** A client of the dashboard behind one listening socket. */
export function createDashboard(deps: DashboardDeps): Dashboard {
  const { target, ownsConnection, now, limit, limits = LIMITS } = deps
  const transport = createTransport(target, ownsConnection)
  const missing = new Set<string>()
  let pendingOverview: Promise<Answer> | null = null
  let hasHeartbeat = true
  let probing: Promise<unknown> = Promise.resolve()

  async function ask(
    method: Exchange['method'],
    path: string,
    body?: unknown,
    deadlineMs = limits.callMs,
  ): Promise<Answer> {
    if (missing.has(path)) return { kind: 'absent' }
    const answer = await transport.exchange({ method, path, body, deadlineMs })
    if (answer.kind === 'absent') missing.add(path)
    return answer
  }

  const askForLog = (from: number, deadlineMs?: number): Promise<Answer> =>
    ask('POST', '/get_log_messages', { start_idx: from }, deadlineMs)

  /** A ring full of giant lines does not fit into one answer: then as many of the newest as do. */
  async function askForEnd(from: number): Promise<Answer> {
    const end = await askForLog(BEYOND_THE_END)
    const newest = end.kind === 'json' ? (toLook(end.value).logIndex ?? 0) : 0
    for (const count of [250, 25, 2]) {
      try {
        return await askForLog(Math.max(from, newest + 1 - count))
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'dashboard-too-large')) throw error
        // Fewer, then.
      }
    }
    return askForLog(newest + 1)
  }

  /** One probe of this dashboard at a time, and few over all. Any answer, even an odd one, is an answer. */
  function probe(request: () => Promise<Answer>): Promise<{ outcome: ProbeOutcome; answer: Answer | null }> {
    const next = probing.then(() =>
      limit(async () => {
        const atMs = now()
        const done = (result: ProbeOutcome['result'], answer: Answer | null) => ({
          outcome: { atMs, tookMs: now() - atMs, result },
          answer,
        })
        try {
          return done('answered', await request())
        } catch (error) {
          const code = error instanceof AppError ? error.code : null
          if (isUnasked(error)) return done('unasked', null)
          if (code === 'dashboard-timeout') return done('silent', null)
          return done(code === 'dashboard-nonsense' ? 'answered' : 'refused', null)
        }
      }),
    )
    probing = next
    return next
  }

  /** Up to 1.5.3 an abandoned overview stays in the task queue: one at a time, shared by whoever asks. */
  function sharedOverview(): Promise<Answer> {
    pendingOverview ??= ask('GET', '/get_config_overview', undefined, limits.overviewMs).finally(() => {
      pendingOverview = null
    })
    pendingOverview.catch(() => undefined) // a caller that lost patience hears nothing; the next one asks anew
    return pendingOverview
  }

  return {
    actions: createActions((exchange) => transport.exchange({ ...exchange, isProven: true })),
    hostRefusal: transport.hostRefusal,

    async identify() {
      const { outcome, answer } = await probe(() => ask('GET', '/get_tool_names', undefined, limits.probeMs))
      return { outcome, isSerena: namesFindSymbol(answer) }
    },

    async look() {
      const { outcome, answer } = await probe(() => askForLog(BEYOND_THE_END, limits.probeMs))
      try {
        return { outcome, look: answer?.kind === 'json' ? toLook(answer.value) : null }
      } catch {
        // An odd answer is an answer all the same: it lives, and says nothing we understand.
        return { outcome, look: null }
      }
    },

    async heartbeat() {
      if (hasHeartbeat) {
        const { outcome, answer } = await probe(() => ask('GET', '/heartbeat', undefined, limits.probeMs))
        hasHeartbeat = answer?.kind !== 'absent'
        if (hasHeartbeat) return outcome
      }
      return (await probe(() => askForLog(BEYOND_THE_END, limits.probeMs))).outcome
    },

    async overview() {
      const answer = await withPatience(sharedOverview(), limits.callMs)
      return answer.kind === 'absent'
        ? absent('its configuration')
        : { isAvailable: true, data: toOverview(answer.value) }
    },

    async executions() {
      const [queue, last] = await Promise.all([
        ask('GET', '/queued_task_executions'),
        ask('GET', '/last_execution'),
      ])
      if (queue.kind === 'absent' || last.kind === 'absent') return absent('its executions')
      const queued = parseAnswer(serenaQueueSchema, queue.value).queued_executions
      const newest = parseAnswer(serenaLastExecutionSchema, last.value).last_execution
      return {
        isAvailable: true,
        data: {
          queue: queued.filter(({ logged }) => logged).map(toExecution),
          last: newest && toExecution(newest),
        },
      }
    },

    async toolStats() {
      const [stats, estimator] = await Promise.all([
        ask('GET', '/get_tool_stats'),
        ask('GET', '/get_token_count_estimator_name'),
      ])
      if (stats.kind === 'absent') return absent('its tool usage')
      const name =
        estimator.kind === 'json'
          ? parseAnswer(serenaEstimatorSchema, estimator.value).token_count_estimator_name
          : null
      return { isAvailable: true, data: toToolStats(stats.value, name) }
    },

    async logs(from) {
      const answer = await askForLog(from).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'dashboard-too-large') return askForEnd(from)
        throw error
      })
      return answer.kind === 'absent'
        ? absent('its log')
        : { isAvailable: true, data: toLogPage(answer.value, from) }
    },

    close: () => transport.close(),
  }
}

function namesFindSymbol(answer: Answer | null): boolean {
  if (answer?.kind !== 'json') return false
  try {
    return parseAnswer(serenaToolNamesSchema, answer.value).tool_names.includes('find_symbol')
  } catch {
    // Some other server's JSON: it answers, and it is no Serena.
    return false
  }
}

async function withPatience<Value>(promise: Promise<Value>, patienceMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const impatience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('dashboard-timeout')), patienceMs)
  })
  try {
    return await Promise.race([promise, impatience])
  } finally {
    clearTimeout(timer)
  }
}
