// How an error travels over HTTP. The page does not import the table of errors: the backend sends the sentences.
import * as z from 'zod/mini'

export const errorBodySchema = z.object({
  error: z.object({ code: z.string(), why: z.string(), fix: z.string() }),
})
export type ErrorBody = z.infer<typeof errorBodySchema>
