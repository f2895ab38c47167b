// Flags as the command line gives them: unknown until a schema says what they are.

import * as z from 'zod/mini'
import { AppError } from '#contract/errors'

export const switchFlag = z._default(z.boolean(), false)
export const portFlag = z.nullish(
  z
    .int('--port takes a number from 0 to 65535')
    .check(
      z.minimum(0, '--port takes a number from 0 to 65535'),
      z.maximum(65_535, '--port takes a number from 0 to 65535'),
    ),
)

/** A flag that takes a whole number from `least` up. */
export const countFlag = (flag: string, least = 1): z.ZodMiniOptional<z.ZodMiniNumber> => {
  const message = `${flag} takes a whole number from ${least} up`
  return z.optional(z.int(message).check(z.minimum(least, message)))
}

/** The flags by the schema; throws `wrong-use` that names the first fault. */
export function parseFlags<Schema extends z.ZodMiniType>(schema: Schema, flags: unknown): z.output<Schema> {
  const parsed = schema.safeParse(flags)
  if (parsed.success) return parsed.data
  throw new AppError('wrong-use', {
    issue: `${parsed.error.issues[0]?.message ?? 'That flag is not understood'}.`,
  })
}
