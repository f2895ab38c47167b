// What Serena (1.2 and later) sends to its tray manager at 127.0.0.1:24224 when its interface is `tray_manager`: seen with 1.3.0
// and 2.1.0. Any program on this machine can send the same, so a message is only a hint. Pure.
import * as z from 'zod/mini'
import { jsonValue } from '../lib/json-value.ts'

const port = z.int().check(z.gte(1), z.lte(65_535))
const project = z.catch(z.nullable(z.string().check(z.maxLength(1_000))), null)

const bodies = {
  '/register': z.looseObject({
    port,
    pid: z.int().check(z.gte(2), z.lte(2 ** 31 - 1)),
    project,
    /** The instance requests a viewer. */
    open_viewer: z.catch(z.boolean(), false),
  }),
  '/update_project': z.looseObject({ port, project }),
  '/unregister': z.looseObject({ port }),
} as const

export type Hint =
  | { kind: 'register'; port: number; pid: number; opensViewer: boolean }
  | { kind: 'update'; port: number }
  | { kind: 'unregister'; port: number }

/** The answers of Serena's own tray manager. */
const ANSWERS = {
  '/health': { status: 'alive' },
  '/register': { status: 'registered' },
  '/update_project': { status: 'updated' },
  '/unregister': { status: 'unregistered' },
} as const
type Path = keyof typeof ANSWERS

export interface PushRequest {
  method: string
  target: string
  /** Alternating names and values, as sent. */
  rawHeaders: readonly string[]
}

/** Larger than any of these bodies. */
export const MAX_BODY_BYTES = 16 * 1024

export type PushVerdict = { path: Path } | { status: 400 | 403 | 404 | 405 | 415 }

/** Accepts a request, or returns the status of its refusal. Requests of web pages are refused by their Origin, or a foreign Host. */
export function judgePush({ method, target, rawHeaders }: PushRequest, ownPort: number): PushVerdict {
  const header = (name: string): readonly string[] =>
    rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
  const hosts = header('host')
  if (hosts.length !== 1) return { status: 400 }
  if (hosts[0] !== `127.0.0.1:${ownPort}` && hosts[0] !== `localhost:${ownPort}`) return { status: 403 }
  if (header('origin').length > 0 || header('sec-fetch-site').length > 0) return { status: 403 }
  if (!isPath(target)) return { status: 404 }
  if (method !== (target === '/health' ? 'GET' : 'POST')) return { status: 405 }
  if (method === 'GET') return { path: target }
  const types = header('content-type')
  const isJson = types.length === 1 && /^application\/json\s*(;|$)/i.test(types[0] ?? '')
  return isJson ? { path: target } : { status: 415 }
}

const isPath = (target: string): target is Path => Object.hasOwn(ANSWERS, target)

/** Returns the answer of Serena's tray manager. */
export const answerOf = (path: Path): object => ANSWERS[path]

/** Parses the body; null: invalid. */
export function parseHint(path: Exclude<Path, '/health'>, text: string): Hint | null {
  const value = jsonValue(text)
  switch (path) {
    case '/register': {
      const { success, data } = z.safeParse(bodies[path], value)
      return success
        ? { kind: 'register', port: data.port, pid: data.pid, opensViewer: data.open_viewer }
        : null
    }
    case '/update_project': {
      const { success, data } = z.safeParse(bodies[path], value)
      return success ? { kind: 'update', port: data.port } : null
    }
    case '/unregister': {
      const { success, data } = z.safeParse(bodies[path], value)
      return success ? { kind: 'unregister', port: data.port } : null
    }
  }
}
