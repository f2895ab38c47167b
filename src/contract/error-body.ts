// How an error travels over HTTP.
import * as z from 'zod/mini'
import { ERRORS, type ErrorCode, type ErrorData } from './errors.ts'

export const errorBodySchema = z.object({
  error: z.object({ code: z.string(), why: z.string(), fix: z.string() }),
})
export type ErrorBody = z.infer<typeof errorBodySchema>

/** The body of an HTTP error: no reflected input beyond the table's own sentence, no stack. */
export function errorBody(code: ErrorCode, data: ErrorData = {}): ErrorBody {
  const { why, fix } = ERRORS[code]
  return { error: { code, why: why(data), fix: fix(data) } }
}
