// Which requests are served: target, Host, Origin and credentials are checked before anything else, in this order. Raw headers are
// used, so that a repeated one is detected. Pure.

export interface RawRequest {
  method: string
  /** The request target as sent. */
  target: string
  /** Alternating names and values, as sent. */
  rawHeaders: readonly string[]
}

export interface RequestRules {
  port: number
  isToken(candidate: string): boolean
  /** The secret that replaces the token, for clients that cannot send headers. */
  isPathSecret(candidate: string): boolean
}

export interface Refusal {
  kind: 'refused'
  status: number
  message: string
  headers?: Readonly<Record<string, string>>
}

export interface Route {
  kind: 'route'
  /** The name of a registered project, or the path of its folder. */
  project: string
  /** Null: not given. */
  context: string | null
}

const METHODS: readonly string[] = ['GET', 'POST', 'DELETE']
/** A plain absolute path with an optional query: no scheme, no `//`, no fragment, no backslash, no other unusual bytes. */
const SANE_TARGET = /^\/(?!\/)[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*(\?[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*)?$/
const MAX_TARGET = 4096
const CONTEXT = /^[A-Za-z0-9][\w.-]{0,63}$/

const refuse = (status: number, message: string, headers?: Refusal['headers']): Refusal => ({
  kind: 'refused',
  status,
  message,
  ...(headers && { headers }),
})

/** Returns what a request asks for, or why it is refused. */
export function judgeHttpRequest(
  { method, target, rawHeaders }: RawRequest,
  rules: RequestRules,
): Route | Refusal {
  if (target.length > MAX_TARGET || !SANE_TARGET.test(target)) return refuse(400, 'Invalid request target')
  const hosts = headerValues(rawHeaders, 'host')
  if (hosts.length !== 1) return refuse(400, 'Exactly one Host header is required')
  if (hosts[0] !== `127.0.0.1:${rules.port}` && hosts[0] !== `localhost:${rules.port}`)
    return refuse(403, 'This host is refused')
  // MCP clients send neither: only web pages do.
  if (headerValues(rawHeaders, 'origin').length > 0) return refuse(403, 'Requests of web pages are refused')
  const site = headerValues(rawHeaders, 'sec-fetch-site')
  if (site.some((value) => value !== 'none')) return refuse(403, 'Requests of web pages are refused')

  const segments = segmentsOf(target)
  // Also for the addresses of OAuth metadata: without them a client does not start a login.
  if (segments === null || segments[0] !== 'mcp') return refuse(404, 'Not found')
  const credentials = headerValues(rawHeaders, 'authorization')
  if (credentials.length > 1) return refuse(400, 'Only one Authorization header is allowed')
  const hasSecret = rules.isPathSecret(segments[1] ?? '')
  if (!hasSecret && !rules.isToken(bearerOf(credentials[0])))
    return refuse(401, 'The request has no valid token', { 'www-authenticate': 'Bearer' })
  if (!METHODS.includes(method)) return refuse(405, 'Method not allowed', { allow: METHODS.join(', ') })
  return routeOf(segments.slice(hasSecret ? 2 : 1), target)
}

function routeOf([project, inPath, ...others]: readonly string[], target: string): Route | Refusal {
  if (project === undefined || project === '' || others.length > 0)
    return refuse(404, 'The URL must be /mcp/PROJECT: the name of a project, or its percent-encoded path')
  const given = new URLSearchParams(target.split('?')[1] ?? '').getAll('context')
  const context = given[0] ?? inPath ?? null
  if (given.length > 1 || (context !== null && !CONTEXT.test(context))) return refuse(400, 'Invalid context')
  return { kind: 'route', project, context }
}

/** The decoded segments of the path; null: not valid. */
function segmentsOf(target: string): string[] | null {
  const [path = ''] = target.split('?', 1)
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent)
    if (segments.some((segment) => segment === '.' || segment === '..' || segment.includes('\0'))) return null
    return segments.at(-1) === '' ? segments.slice(0, -1) : segments
  } catch {
    // An invalid escape.
    return null
  }
}

const bearerOf = (credentials: string | undefined): string =>
  /^Bearer ([\w-]{1,256})$/i.exec(credentials ?? '')?.[1] ?? ''

/** Returns all values of a header; `name` in lower case. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '')
  return values
}
