// Short requests that find out whether a dashboard answers. They never throw.
import { AppError } from '#contract/errors'
import { serenaToolNamesSchema } from '#contract/serena'
import { parseAnswer, toDashboardStatus } from './answers.ts'
import type { DashboardConnection } from './dashboard-connection.ts'
import type { DashboardStatus, ProbeOutcome } from './dashboard-facts.ts'
import type { AskRoute } from './dashboard-routes.ts'
import { BEYOND_THE_END, requestLog } from './log-request.ts'
import { isLocalFailure } from './open-connection.ts'
import type { Answer } from './transport.ts'

/** A deadline that ends later than this after its time was missed by this process itself. */
const LATE_MS = 250

export type Limit = <Value>(task: () => Promise<Value>) => Promise<Value>

interface ProbeDeps {
  ask: AskRoute
  probeMs: number
  /** Monotonic milliseconds. */
  now: () => number
  limit: Limit
}

interface Probed {
  outcome: ProbeOutcome
  answer: Answer | null
}

export function createProbes({
  ask,
  probeMs,
  now,
  limit,
}: ProbeDeps): Pick<DashboardConnection, 'identify' | 'poll' | 'heartbeat'> {
  let hasHeartbeat = true
  let probing: Promise<unknown> = Promise.resolve()

  /** One probe of this dashboard at a time, and few of all dashboards. */
  function probe(request: () => Promise<Answer>): Promise<Probed> {
    const next = probing.then(() => limit(() => probeUnpaused(() => probeNow(request, now), probeMs)))
    probing = next
    return next
  }
  const get = (path: string): Promise<Probed> => probe(() => ask('GET', path, undefined, probeMs))
  const probeLog = (): Promise<Probed> => probe(() => requestLog(ask, BEYOND_THE_END, probeMs))

  return {
    async identify() {
      const { outcome, answer } = await get('/get_tool_names')
      return { outcome, isSerena: namesFindSymbol(answer) }
    },
    async poll() {
      const { outcome, answer } = await probeLog()
      return { outcome, status: statusOf(answer) }
    },
    async heartbeat() {
      if (hasHeartbeat) {
        const { outcome, answer } = await get('/heartbeat')
        hasHeartbeat = answer?.kind !== 'absent'
        if (hasHeartbeat) return outcome
      }
      return (await probeLog()).outcome
    },
  }
}

/**
 * Asks again if this process was paused until after the deadline: the answer may have been there, unread. Paused again: the probe says
 * nothing about the dashboard.
 */
async function probeUnpaused(ask: () => Promise<Probed>, probeMs: number): Promise<Probed> {
  const wasPaused = ({ outcome: { result, tookMs } }: Probed): boolean =>
    result === 'silent' && tookMs > probeMs + LATE_MS
  const first = await ask()
  if (!wasPaused(first)) return first
  const second = await ask()
  return wasPaused(second) ? { ...second, outcome: { ...second.outcome, result: 'unasked' } } : second
}

/** Any answer counts, even one that cannot be parsed. */
async function probeNow(request: () => Promise<Answer>, now: () => number): Promise<Probed> {
  const atMs = now()
  const probed = (result: ProbeOutcome['result'], answer: Answer | null): Probed => ({
    outcome: { atMs, tookMs: now() - atMs, result },
    answer,
  })
  try {
    return probed('answered', await request())
  } catch (error) {
    const code = error instanceof AppError ? error.code : null
    if (isLocalFailure(error)) return probed('unasked', null)
    if (code === 'dashboard-timeout') return probed('silent', null)
    return probed(code === 'dashboard-nonsense' ? 'answered' : 'refused', null)
  }
}

function statusOf(answer: Answer | null): DashboardStatus | null {
  try {
    return answer?.kind === 'json' ? toDashboardStatus(answer.value) : null
  } catch {
    // In an unknown format: it answers, but without a status.
    return null
  }
}

function namesFindSymbol(answer: Answer | null): boolean {
  if (answer?.kind !== 'json') return false
  try {
    return parseAnswer(serenaToolNamesSchema, answer.value).tool_names.includes('find_symbol')
  } catch {
    // JSON of another server: it answers, but is not a Serena.
    return false
  }
}
