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

/** The flags by the schema; throws `wrong-use` that names the first problem, never in the schema library's own words. */
export function parseFlags<Schema extends z.ZodMiniType>(schema: Schema, flags: unknown): z.output<Schema> {
  // The message of a schema wins over this one.
  const parsed = schema.safeParse(flags, { error: ({ path }) => `${flagOf(path)} has an invalid value` })
  if (parsed.success) return parsed.data
  throw new AppError('wrong-use', {
    issue: `${parsed.error.issues[0]?.message ?? 'An option has an invalid value'}.`,
  })
}

/** `unusedFor` -> `--unused-for`. */
const flagOf = ([name]: readonly PropertyKey[] = []): string =>
  `--${String(name ?? 'option').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** `90s`, `30m`, `5h`, `2d` in milliseconds; throws `wrong-use` for everything else, also for a number without its unit. */
export function parseSpan(flag: string, text: string): number {
  const match = /^(\d{1,6}) ?(s|m|min|h|d)$/.exec(text.trim())
  const spanMs = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0)
  if (spanMs > 0) return spanMs
  throw new AppError('wrong-use', {
    issue: `${flag} takes a time span with a unit, such as 30m, 5h or 2d.`,
  })
}
