/** An object of which nothing else is known. */
export type Fields = Readonly<Record<string, unknown>>

/** Returns true for an object that is not a list. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
