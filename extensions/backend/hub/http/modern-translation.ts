// Serena's connection to the hub is of the protocol with sessions. Requests and answers of clients without sessions are translated by
// replacing single values; all other bytes stay. Pure.
import { objectSpans, type Span, splice, spliceAll } from '../../mcp/json-spans.ts'
import { partsOf, spanAt } from '../../mcp/message-parts.ts'
import { META, MODERN_VERSION } from './modern-request.ts'

const LISTS: readonly string[] = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]
/** A client may keep nothing: the answer depends on the project. */
const CACHE = '"ttlMs":0,"cacheScope":"private"'
const OWN_KEYS = `${META}`

/** Returns a request without the keys that only clients without sessions send. */
export function withoutModernMeta(line: Buffer): Buffer {
  const span = spanAt(line, partsOf(line)?.params ?? null, '_meta')
  const keys = span && objectSpans(line, ...span)
  if (!span || !keys) return line
  const kept = [...keys].filter(([key]) => !key.startsWith(OWN_KEYS))
  if (kept.length === keys.size) return line
  const fields = kept.map(([key, value]) => `${JSON.stringify(key)}:${line.toString('utf8', ...value)}`)
  return splice(line, span, `{${fields.join(',')}}`)
}

/** Returns `initialize` for such a client. `meta`: the span of its `_meta`. */
export function initializeFor(line: Buffer, id: string): Buffer {
  const params = partsOf(line)?.params ?? null
  const textOf = (key: string, fallback: string): string => {
    const span = spanAt(line, params, '_meta', `${META}${key}`)
    return span ? line.toString('utf8', ...span) : fallback
  }
  const info = textOf('clientInfo', '{"name":"unknown","version":"0"}')
  const capabilities = textOf('clientCapabilities', '{}')
  return Buffer.from(
    `{"jsonrpc":"2.0","id":${id},"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":${capabilities},"clientInfo":${info}}}`,
  )
}

/** Returns the answer to `server/discover`, made of the answer to `initialize`. `id` is JSON text. */
export function discoverAnswer(initialized: Buffer, id: string): Buffer {
  const result = partsOf(initialized)?.result ?? null
  const textOf = (key: string): string | null => {
    const span = spanAt(initialized, result, key)
    return span && initialized.toString('utf8', ...span)
  }
  const instructions = textOf('instructions')
  return Buffer.from(
    `{"jsonrpc":"2.0","id":${id},"result":{"resultType":"complete",${CACHE},"supportedVersions":["${MODERN_VERSION}"],"capabilities":${textOf('capabilities') ?? '{}'}${instructions === null ? '' : `,"instructions":${instructions}`},"_meta":{"${META}serverInfo":${textOf('serverInfo') ?? '{}'}}}}`,
  )
}

/** Returns the text of `serverInfo` in an answer to `initialize`. */
export function serverInfoText(initialized: Buffer): string {
  const span = spanAt(initialized, partsOf(initialized)?.result ?? null, 'serverInfo')
  return span ? initialized.toString('utf8', ...span) : '{}'
}

/** Returns an answer with what clients without sessions expect in it. `serverInfo` is JSON text. */
export function modernAnswer(line: Buffer, method: string, serverInfo: string): Buffer {
  const result = partsOf(line)?.result ?? null
  const keys = result && objectSpans(line, ...result)
  if (!result || !keys) return line
  const added: string[] = []
  if (!keys.has('resultType')) added.push('"resultType":"complete"')
  if (LISTS.includes(method) && !keys.has('ttlMs')) added.push(CACHE)
  const info = `"${META}serverInfo":${serverInfo}`
  const meta = keys.get('_meta')
  const metaKeys = meta && objectSpans(line, ...meta)
  const changes: (readonly [Span, string])[] = []
  if (!metaKeys) added.push(`"_meta":{${info}}`)
  else if (!metaKeys.has(`${META}serverInfo`)) changes.push(insertion(meta[0] + 1, info, metaKeys.size > 0))
  if (added.length > 0) {
    // Without a valid `_meta` in it, one is added: an invalid one is dropped with its object by every parser.
    changes.push(insertion(result[0] + 1, added.join(','), keys.size > 0))
  }
  return spliceAll(line, changes)
}

const insertion = (at: number, text: string, isFollowed: boolean): readonly [Span, string] => [
  [at, at],
  isFollowed ? `${text},` : text,
]

/** Returns the code of an error; null: it is a result. */
export function errorCodeOf(line: Buffer): number | null {
  const error = objectSpans(line)?.get('error')
  const span = error ? spanAt(line, error, 'code') : null
  return span ? Number(line.toString('latin1', ...span)) : null
}

/** Returns a notification with the id of the subscription that it belongs to. `id` is JSON text. */
export function withSubscription(line: Buffer, id: string): Buffer {
  const mark = `"${META}subscriptionId":${id}`
  const { params } = partsOf(line) ?? {}
  const keys = params && objectSpans(line, ...params)
  if (!params || !keys) {
    const end = line.lastIndexOf(0x7d)
    return Buffer.concat([line.subarray(0, end), Buffer.from(`,"params":{"_meta":{${mark}}}}`)])
  }
  const meta = keys.get('_meta')
  const metaKeys = meta && objectSpans(line, ...meta)
  const [[at], text] =
    meta && metaKeys
      ? insertion(meta[0] + 1, mark, metaKeys.size > 0)
      : insertion(params[0] + 1, `"_meta":{${mark}}`, keys.size > 0)
  return splice(line, [at, at], text)
}
