// Flags of the command line: unknown until a schema has parsed them.

import * as z from 'zod/mini'
import { AppError } from '#contract/errors'

export const switchFlag = z._default(z.boolean(), false)
/** The text of an option as a whole number from `least` to `most`; `message` is the problem with any other text. */
const wholeNumber = (message: string, least: number, most: number) =>
  z.pipe(
    z.pipe(z.string(message).check(z.regex(/^\d{1,15}$/, message)), z.transform(Number)),
    z.number(message).check(z.minimum(least, message), z.maximum(most, message)),
  )

/** Returns the schema of a flag that takes a port; `least`: 0 where any free port can be requested. */
export const portFlag = (least: 0 | 1 = 0) =>
  z.optional(wholeNumber(`--port takes a number from ${least} to 65535`, least, 65_535))

/** Returns the schema of a flag that takes a whole number from `least` up. */
export const countFlag = (flag: string, least = 1) =>
  z.optional(wholeNumber(`${flag} takes a whole number from ${least} up`, least, Number.MAX_SAFE_INTEGER))

/** Parses the flags with the schema. Throws `wrong-use` that names the first problem, never in the schema library's own words. */
export function parseFlags<Schema extends z.ZodMiniType>(schema: Schema, flags: unknown): z.output<Schema> {
  // The message of a schema takes precedence over this one.
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

/** Parses `90s`, `30m`, `5h` or `2d` into milliseconds. Throws `wrong-use` for everything else, also for a number without a unit. */
export function parseSpan(flag: string, text: string): number {
  const match = /^(\d{1,6}) ?(s|m|min|h|d)$/.exec(text.trim())
  const spanMs = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0)
  if (spanMs > 0) return spanMs
  throw new AppError('wrong-use', {
    issue: `${flag} takes a time span with a unit, such as 30m, 5h or 2d.`,
  })
}
