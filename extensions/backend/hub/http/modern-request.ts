// Requests of the protocol from 2026-07-28 on, which has no sessions: each one names its version and its client in `_meta`, and repeats
// version, method and name in headers. Pure.

import { type Fields, isFields } from '../../lib/fields.ts'

export const MODERN_VERSION = '2026-07-28'
export const META = 'io.modelcontextprotocol/'
const VERSION_KEY = `${META}protocolVersion`
const CAPABILITIES_KEY = `${META}clientCapabilities`

const INVALID_REQUEST = -32600
const METHOD_NOT_FOUND = -32601
const INVALID_PARAMS = -32602
const HEADER_MISMATCH = -32020
const UNSUPPORTED_VERSION = -32022

/** Of the requests that a Serena can answer, those that exist in this protocol. */
const METHODS: readonly string[] = [
  'server/discover',
  'subscriptions/listen',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
]
/** The field that the header `Mcp-Name` repeats. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
}

export interface ModernHeaders {
  version: string | null
  method: string | null
  name: string | null
}

export interface Rejection {
  status: number
  code: number
  message: string
  data?: unknown
}

/** Returns the `_meta` of a message; null: it has none. */
export function metaOf(message: Fields): Fields | null {
  const params = message['params']
  const meta = isFields(params) ? params['_meta'] : null
  return isFields(meta) ? meta : null
}

/** Whether a message is of the protocol without sessions, by its own `_meta` or by the header of the version. */
export function isModern(message: Fields, headers: ModernHeaders): boolean {
  if (Object.hasOwn(metaOf(message) ?? {}, VERSION_KEY)) return true
  return (
    headers.version !== null && headers.version >= MODERN_VERSION && typeof message['method'] === 'string'
  )
}

/** Returns why such a message is refused; null: it is served. */
export function judgeModern(message: Fields, headers: ModernHeaders): Rejection | null {
  const { method } = message
  if (typeof method !== 'string') return { status: 400, code: INVALID_REQUEST, message: 'Not a request' }
  const meta = metaOf(message)
  const version = meta?.[VERSION_KEY]
  const isRequest = Object.hasOwn(message, 'id')
  if (!isRequest && version === undefined) return null
  const issue = metaIssue(meta)
  if (issue !== null) return { status: 400, code: INVALID_PARAMS, message: issue }
  if (headers.version === null) return isRequest ? mismatch('MCP-Protocol-Version', 'is missing') : null
  if (headers.version !== version)
    return mismatch('MCP-Protocol-Version', 'differs from the version in _meta')
  if (version !== MODERN_VERSION)
    return {
      status: 400,
      code: UNSUPPORTED_VERSION,
      message: 'Unsupported protocol version',
      data: { supported: [MODERN_VERSION], requested: version },
    }
  return isRequest ? requestIssue(method, message['params'], headers) : null
}

function metaIssue(meta: Fields | null): string | null {
  if (meta === null) return 'Invalid params: _meta is missing'
  if (typeof meta[VERSION_KEY] !== 'string') return `Invalid params: _meta has no ${VERSION_KEY}`
  return isFields(meta[CAPABILITIES_KEY]) ? null : `Invalid params: _meta has no ${CAPABILITIES_KEY}`
}

function requestIssue(method: string, params: unknown, headers: ModernHeaders): Rejection | null {
  if (headers.method === null) return mismatch('Mcp-Method', 'is missing')
  if (headers.method !== method) return mismatch('Mcp-Method', 'differs from the method')
  const field = Object.hasOwn(NAMED, method) ? NAMED[method] : undefined
  const name = field !== undefined && isFields(params) ? params[field] : undefined
  if (typeof name === 'string') {
    if (headers.name === null) return mismatch('Mcp-Name', 'is missing')
    if (decodedName(headers.name) !== name) return mismatch('Mcp-Name', `differs from params.${field ?? ''}`)
  }
  return METHODS.includes(method)
    ? null
    : { status: 404, code: METHOD_NOT_FOUND, message: 'Method not found', data: method }
}

const mismatch = (header: string, what: string): Rejection => ({
  status: 400,
  code: HEADER_MISMATCH,
  message: `The header ${header} ${what}`,
})

/** Names with characters that no header can have are Base64 between `=?base64?` and `?=`; null: not valid. */
function decodedName(value: string): string | null {
  const encoded = /^=\?base64\?(.*)\?=$/i.exec(value)?.[1]
  if (encoded === undefined) return value
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded)
  return isBase64 ? Buffer.from(encoded, 'base64').toString('utf8') : null
}
