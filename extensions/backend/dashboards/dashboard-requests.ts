// Requests that a user's action sends to a dashboard. A change that Serena does not confirm is `outcome-unknown`: the request is
// in its task queue and may still take effect.
import type * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { parseAnswer } from './answers.ts'
import { isNotSent } from './open-connection.ts'
import type { Answer, Exchange } from './transport.ts'

export type Ask = (exchange: Exchange) => Promise<Answer>
type Request = Omit<Exchange, 'deadlineMs'>

/** Memory, language and configuration calls wait for the running tool. */
export const READ_MS = 5_000
export const CHANGE_MS = 15_000

export const post = (path: string, body?: unknown): Request => ({ method: 'POST', path, body })

/** Returns the answer in the schema's shape. AppError `not-in-this-serena`: its version has no such route. */
export async function readFrom<Schema extends z.core.$ZodType>(
  ask: Ask,
  request: Request,
  schema: Schema,
  since = '1.0.0',
): Promise<z.output<Schema>> {
  const answer = await ask({ ...request, deadlineMs: READ_MS })
  if (answer.kind === 'absent') throw new AppError('not-in-this-serena', { since })
  return parseAnswer(schema, answer.value)
}

/** Sends a change; `what` names it in the error `outcome-unknown`. */
export async function changeIn<Schema extends z.core.$ZodType>(
  ask: Ask,
  what: string,
  request: Request,
  schema: Schema,
  { since = '1.0.0', deadlineMs = CHANGE_MS } = {},
): Promise<z.output<Schema>> {
  try {
    const answer = await ask({ ...request, deadlineMs })
    if (answer.kind === 'absent') throw new AppError('not-in-this-serena', { since })
    return parseAnswer(schema, answer.value)
  } catch (error) {
    const isInterrupted = error instanceof AppError && /^dashboard-(timeout|unreachable)$/.test(error.code)
    const isUnknown = isInterrupted && !isNotSent(error)
    throw isUnknown ? new AppError('outcome-unknown', { what }, { cause: error }) : error
  }
}
