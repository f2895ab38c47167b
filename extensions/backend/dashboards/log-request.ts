// Requests for Serena's log: one page, or as much of its end as fits into an answer.
import { AppError } from '#contract/errors'
import { toDashboardStatus } from './answers.ts'
import type { AskRoute } from './dashboard-routes.ts'
import type { Answer } from './transport.ts'

/** Beyond the end of any log: the answer has no lines. */
export const BEYOND_THE_END = 1_000_000_000

export const requestLog = (ask: AskRoute, from: number, deadlineMs?: number): Promise<Answer> =>
  ask('POST', '/get_log_messages', { start_idx: from }, deadlineMs)

/** Returns the lines from index `from`; if they are too large for one answer, as many of the newest as fit. */
export async function requestLogPage(ask: AskRoute, from: number): Promise<Answer> {
  try {
    return await requestLog(ask, from)
  } catch (error) {
    if (!isTooLarge(error)) throw error
  }
  const end = await requestLog(ask, BEYOND_THE_END)
  const newest = end.kind === 'json' ? (toDashboardStatus(end.value).logIndex ?? 0) : 0
  for (const count of [250, 25, 2]) {
    try {
      return await requestLog(ask, Math.max(from, newest + 1 - count))
    } catch (error) {
      if (!isTooLarge(error)) throw error
    }
  }
  return requestLog(ask, newest + 1)
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'dashboard-too-large'
