// Reads the input of a request: its body by the route's schema, and its query. Sentences name the place of a mistake, never what was
// sent.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import type { Route } from '#contract/routes'

const MAX_BODY_BYTES = 1024 * 1024
/** Without a token: a nonce is shorter. */
const MAX_OPEN_BODY_BYTES = 4 * 1024

/** Parses the body with the route's schema. AppError `bad-input`, `too-large` or `unsupported-media-type`. */
export async function readBody(c: Context, { method, access, body: schema }: Route): Promise<unknown> {
  const type = c.req.header('content-type')
  const isJson = type !== undefined && /^application\/json\s*(;|$)/i.test(type)
  if (type !== undefined && !isJson) throw new AppError('unsupported-media-type')
  if (method === 'GET') return undefined
  const text = await readText(c, access === 'open' ? MAX_OPEN_BODY_BYTES : MAX_BODY_BYTES)
  if (text !== '' && !isJson) throw new AppError('unsupported-media-type')
  const parsed = z.safeParse(schema, text === '' ? undefined : parseJson(text))
  if (parsed.success) return parsed.data
  if (text === '' && type === undefined) throw new AppError('unsupported-media-type')
  const [issue] = parsed.error.issues
  throw new AppError('bad-input', {
    issue: `${issue?.path.map(String).join('.') || 'the body'} is invalid`,
  })
}

/** Keeps at most `maxBytes`, regardless of the length that the request states. */
async function readText(c: Context, maxBytes: number): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new AppError('too-large')
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > maxBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    // The sender has closed the connection: not an error of the backend.
    throw new AppError('bad-input', { issue: 'the body is incomplete' }, { cause })
  }
  if (bytes > maxBytes) throw new AppError('too-large')
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad-input', { issue: 'the body is not JSON' }, { cause })
  }
}

/** Throws AppError `bad-input` for a query parameter that the route does not have. */
export function checkQuery(c: Context, { query }: Route): void {
  const given = c.req.queries()
  for (const [name, values] of Object.entries(given))
    if (!query.includes(name) || values.length > 1)
      throw new AppError('bad-input', { issue: 'a query parameter is unknown or given twice' })
}
