// Short answers of the hub itself over HTTP: JSON, never HTML, and no part of the request in it.
import type { ServerResponse } from 'node:http'
import type { Rejection } from './modern-request.ts'

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

/** JSON-RPC: defined by the server. */
export const SERVER_ERROR = -32000
export const SESSION_NOT_FOUND = -32001
export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600

/** Answers with an error of JSON-RPC. `id` is JSON text. */
export function refuse(
  response: ServerResponse,
  { status, code, message, data }: Rejection,
  id = 'null',
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return
  const error = JSON.stringify({ code, message, ...(data === undefined ? {} : { data }) })
  const body = `{"jsonrpc":"2.0","id":${id},"error":${error}}`
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
