import * as z from 'zod/mini'

/** Parses a JSON text by a schema; null: it does not fit, or is not JSON: incomplete, or of another program or version. */
export function parseJson<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
): z.output<Schema> | null {
  try {
    return z.safeParse(schema, JSON.parse(text)).data ?? null
  } catch {
    // Not JSON.
    return null
  }
}
