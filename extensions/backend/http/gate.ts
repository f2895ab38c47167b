// The gate: every request is checked here first, in this order: target and method, Host, Origin,
// token. Raw headers are used, so that a repeated one is detected. Pure.
import type { ErrorCode } from '#contract/errors'

export interface RawRequest {
  method: string
  /** The request target as sent. */
  target: string
  /** Alternating names and values, as sent. */
  rawHeaders: readonly string[]
}

export interface GateRules {
  port: number
  /** The methods of a path; null: no such path. */
  methodsOf: (path: string) => readonly string[] | null
  /** True for paths that need no token: the page itself, its assets, and the open routes. */
  isOpen: (path: string) => boolean
  /** True for the page, which any link may open: it contains no secret. */
  isPage: (path: string) => boolean
  isToken: (candidate: string) => boolean
  /** Too many wrong tokens were received recently. */
  isGuessing: () => boolean
  /** The page of a connected native window comes from one of these. */
  windowOrigins: () => ReadonlySet<string>
}

export type GateVerdict = { isPassed: true; path: string } | { isPassed: false; code: ErrorCode }

const refuse = (code: ErrorCode): GateVerdict => ({ isPassed: false, code })

/** Accepts a request or names the first reason against it. */
export function judgeRequest({ method, target, rawHeaders }: RawRequest, rules: GateRules): GateVerdict {
  const path = pathOf(target)
  if (path === null) return refuse('bad-request')
  const header = (name: string): readonly string[] => valuesOf(rawHeaders, name)
  const methods = rules.methodsOf(path)
  if (!SANE_METHOD.test(method)) return refuse('bad-request')

  const hosts = header('host')
  if (hosts.length !== 1) return refuse('bad-request')
  const host = hosts[0] ?? ''
  if (host !== `127.0.0.1:${rules.port}` && host !== `localhost:${rules.port}`) return refuse('host-refused')
  if (!isOwnOrigin(header, method, path, host, rules)) return refuse('origin-refused')

  const credentials = header('authorization')
  if (credentials.length > 1) return refuse('bad-request')
  if (methods && !methods.includes(method)) return refuse('method-not-allowed')
  if (!rules.isOpen(path) && !rules.isToken(bearerOf(credentials[0])))
    return refuse(rules.isGuessing() ? 'too-many-attempts' : 'unauthorized')
  return methods ? { isPassed: true, path } : refuse('not-found')
}

const SANE_METHOD = /^[A-Z]{3,10}$/
/** A plain absolute path with an optional query: no scheme, no `//`, no fragment, no backslash, no dot segments, no other unusual bytes. */
const SANE_TARGET = /^\/(?!\/)[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*(\?[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*)?$/

function pathOf(target: string): string | null {
  if (target.length > 4096 || !SANE_TARGET.test(target)) return null
  const path = target.split('?', 1)[0] ?? ''
  if (/(^|\/)\.{1,2}(\/|$)/.test(path) || /%(2f|5c|2e|00)/i.test(path)) return null
  return path
}

function isOwnOrigin(
  header: (name: string) => readonly string[],
  method: string,
  path: string,
  host: string,
  { isPage, windowOrigins }: GateRules,
): boolean {
  const origins = header('origin')
  if (origins.length > 0)
    return origins.length === 1 && (origins[0] === `http://${host}` || windowOrigins().has(origins[0] ?? ''))
  const site = header('sec-fetch-site')
  if (site.length === 0 || (site.length === 1 && (site[0] === 'same-origin' || site[0] === 'none')))
    return true
  // A link or our own redirect file may navigate here: only to the page, and only as a top-level navigation.
  const isNavigation =
    header('sec-fetch-mode')[0] === 'navigate' && header('sec-fetch-dest')[0] === 'document'
  return isNavigation && isPage(path) && method === 'GET'
}

/**
 * Returns the origin of the native window's page that sent this request, which may then read the answer; null: another program sent it.
 * The answer to its preflight (OPTIONS) names what it may send.
 */
export function windowOriginOf({ rawHeaders }: RawRequest, rules: GateRules): string | null {
  const origins = valuesOf(rawHeaders, 'origin')
  const hosts = valuesOf(rawHeaders, 'host')
  const [origin = ''] = origins
  const isOurs = origins.length === 1 && hosts.length === 1 && hosts[0] === `127.0.0.1:${rules.port}`
  return isOurs && rules.windowOrigins().has(origin) ? origin : null
}

const bearerOf = (credentials: string | undefined): string =>
  /^Bearer ([\w-]{1,256})$/.exec(credentials ?? '')?.[1] ?? ''

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '')
  return values
}
