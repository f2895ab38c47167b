// The client of one Serena dashboard: short probes that never throw, and the calls of a page.
import { type Capability, type Executions, type ToolStats } from '#contract/details'
import { AppError } from '#contract/errors'
import { serenaEstimatorSchema, serenaLastExecutionSchema, serenaQueueSchema } from '#contract/serena'
import { createActions } from './actions.ts'
import { parseAnswer, toExecution, toLogPage, toOverview, toToolStats } from './answers.ts'
import type { DashboardConnection } from './dashboard-connection.ts'
import type { DashboardTarget } from './dashboard-facts.ts'
import { createProbes, type Limit } from './dashboard-probes.ts'
import { type AskRoute, createRoutes } from './dashboard-routes.ts'
import { requestLogPage } from './log-request.ts'
import type { OwnsConnection } from './open-connection.ts'
import { type Answer, createTransport } from './transport.ts'

export interface DashboardLimits {
  /** A probe without an answer within this time is a miss. */
  probeMs: number
  /** The deadline of a page's call. */
  callMs: number
  /** The deadline of an overview: up to Serena 1.5.3 it waits for the running tool. */
  overviewMs: number
}
export const LIMITS: DashboardLimits = { probeMs: 1_500, callMs: 4_000, overviewMs: 300_000 }

export type Dashboard = Required<DashboardConnection>

export interface DashboardDeps {
  target: DashboardTarget
  /** Absent where the platform cannot report it. */
  ownsConnection?: OwnsConnection | undefined
  /** Monotonic milliseconds. */
  now: () => number
  /** Shared by all dashboards: bounds the probes in flight. */
  limit: Limit
  limits?: DashboardLimits
}

/** Returns a client of the dashboard behind one listening socket. */
export function createDashboard(deps: DashboardDeps): Dashboard {
  const { target, ownsConnection, now, limit, limits = LIMITS } = deps
  const transport = createTransport(target, ownsConnection)
  const ask = createRoutes(transport, limits.callMs)
  let pendingOverview: Promise<Answer> | null = null

  /** Up to Serena 1.5.3 an abandoned request stays in its task queue: one at a time, shared by all callers. */
  function sharedOverview(): Promise<Answer> {
    pendingOverview ??= ask('GET', '/get_config_overview', undefined, limits.overviewMs).finally(() => {
      pendingOverview = null
    })
    pendingOverview.catch(() => undefined) // Callers that timed out do not handle it; the next one sends a new request.
    return pendingOverview
  }

  return {
    actions: createActions((exchange) => transport.exchange({ ...exchange, isProven: true })),
    hostRefusal: transport.hostRefusal,
    ...createProbes({ ask, probeMs: limits.probeMs, now, limit }),
    async overview() {
      const answer = await withTimeout(sharedOverview(), limits.callMs)
      return answer.kind === 'absent'
        ? absent('its configuration')
        : { isAvailable: true, data: toOverview(answer.value) }
    },
    executions: () => readExecutions(ask),
    toolStats: () => readToolStats(ask),
    async logs(from) {
      const answer = await requestLogPage(ask, from)
      return answer.kind === 'absent'
        ? absent('its log')
        : { isAvailable: true, data: toLogPage(answer.value, from) }
    },
    close: transport.close,
  }
}

async function readExecutions(ask: AskRoute): Promise<Capability<Executions>> {
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
}

async function readToolStats(ask: AskRoute): Promise<Capability<ToolStats>> {
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
}

const absent = (what: string): { isAvailable: false; since: string; why: string } => ({
  isAvailable: false,
  since: '1.0.0',
  why: `This version of Serena does not report ${what}.`,
})

async function withTimeout<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('dashboard-timeout')), timeoutMs)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
