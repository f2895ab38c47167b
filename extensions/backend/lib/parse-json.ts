import * as z from 'zod/mini'
import { jsonValue } from './json-value.ts'

/** Parses a JSON text by a schema; null: it does not fit, or is not JSON: incomplete, or of another program or version. */
export const parseJson = <Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
): z.output<Schema> | null => z.safeParse(schema, jsonValue(text)).data ?? null
