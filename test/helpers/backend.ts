// Starts the built backend as a process of a test, with its own state folder, homes and port, and controls it over HTTP and its
// event stream.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type * as z from 'zod/mini'
import { makeEventFrames } from '#contract/event-frames'
import { type DeckEvent, deckEventSchema } from '#contract/events'
import {
  EVENTS_PATH,
  type RouteAnswer,
  type RouteBody,
  type RouteName,
  type RouteTarget,
  routes,
  targetOf,
} from '#contract/routes'
import { type DrivenProgram, startDrivenProgram } from './driven-program.ts'
import { signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder, projectRoot } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

export interface BackendStart {
  /** The only homes that it reads; default: a new empty one. */
  homes?: readonly string[]
  /** Default: a new one. */
  stateFolder?: string
  env?: NodeJS.ProcessEnv
  args?: readonly string[]
  /** Null: the port from the settings; default: any free port. */
  port?: null
  /** Command before the program, such as a namespace or a limit. It must become the program (`exec`). */
  runner?: readonly string[]
  /** Options for Node itself, such as a heap limit. */
  nodeArgs?: readonly string[]
}

export interface CallInput<Name extends RouteName> extends RouteTarget {
  body?: RouteBody<Name>
}

export interface EventStream {
  /** All events so far, in order. */
  readonly events: readonly DeckEvent[]
  /** Resolves to the first matching event, past or future. */
  until(is: (event: DeckEvent) => boolean, timeoutMs?: number): Promise<DeckEvent>
  close(): void
}

export interface TestBackend {
  pid: number
  /** `http://127.0.0.1:PORT/` */
  url: string
  /** An address with a single-use nonce, for one page. */
  openUrl: string
  version: string
  stateFolder: string
  /** The environment with which its command line finds it. */
  env: NodeJS.ProcessEnv
  program: DrivenProgram
  /** Exchanges a nonce for the token, once; later calls return the same token. */
  token(): Promise<string>
  /** Sends any request with the token; paths begin with `/`. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Makes a call of the contract and validates its answer; rejects with status and body otherwise. */
  call<Name extends RouteName>(name: Name, input?: CallInput<Name>): Promise<RouteAnswer<Name>>
  stream(): EventStream
  /** Sends SIGTERM and waits for the exit; resolves to the exit code. */
  stop(): Promise<number | null>
}

export const cliProgram = join(projectRoot, 'dist', 'backend', 'cli.js')

/** Starts `dist/backend/cli.js serve --json --port 0` and waits until it is ready; stopped when the scope ends. */
export async function startBackend(scope: Scope, start: BackendStart = {}): Promise<TestBackend> {
  if (!existsSync(cliProgram)) throw new Error('build first: npm run build')
  const stateFolder = start.stateFolder ?? (await makeTempFolder(scope, 'state'))
  const homes = start.homes ?? [await makeTempFolder(scope, 'empty-home')]
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SERENA_HOME: homes[0],
    SERENA_DECK_ONLY_HOMES: homes.join(delimiter),
    SERENA_DECK_STATE: stateFolder,
    ...start.env,
  }
  const words = [
    ...(start.runner ?? []),
    process.execPath,
    ...(start.nodeArgs ?? []),
    cliProgram,
    'serve',
    '--json',
    ...(start.port === null ? [] : ['--port', '0']),
    ...(start.args ?? []),
  ]
  const program = startDrivenProgram(scope, words[0] ?? '', words.slice(1), { cwd: stateFolder, env })
  const stop = async (): Promise<number | null> => {
    signalProcess(program.mark, 'SIGTERM')
    await program.close()
    return program.child.exitCode
  }
  scope.add(async () => void (await stop()))
  const ready = await program.said((message) => message['schema'] === 1, 30_000)
  const url = String(ready['url'])
  const openUrl = String(ready['openUrl'])

  async function openSession(): Promise<string> {
    const response = await fetch(new URL(routes.session.path, url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ nonce: new URL(openUrl).hash.slice(1) }),
    })
    if (!response.ok) throw new Error(`no session: ${response.status} ${await response.text()}`)
    return routes.session.answer.parse(await response.json()).token
  }
  let known: Promise<string> | null = null
  const token = (): Promise<string> => {
    // A busy machine may be too slow for a request: the next call tries again.
    known ??= openSession().catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('Authorization', `Bearer ${await token()}`)
    // A new connection for each request: a kept one may be closed by the backend just when a busy machine uses it again.
    headers.set('Connection', 'close')
    return fetch(new URL(path, url), { ...init, headers })
  }
  const call = async <Name extends RouteName>(
    name: Name,
    input: CallInput<Name> = {},
  ): Promise<RouteAnswer<Name>> => {
    const { method, answer } = routes[name]
    const body = input.body === undefined ? {} : { body: JSON.stringify(input.body) }
    const headers = input.body === undefined ? {} : { 'Content-Type': 'application/json' }
    const response = await send(targetOf(routes[name], input), { method, headers, ...body })
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`)
    return (answer as unknown as z.ZodMiniType<RouteAnswer<Name>>).parse(await response.json())
  }
  const stream = (): EventStream => {
    const events: DeckEvent[] = []
    const aborter = new AbortController()
    let failure: unknown = null
    const pump = async (): Promise<void> => {
      const response = await send(EVENTS_PATH, { signal: aborter.signal })
      if (!response.ok || response.body === null) throw new Error(`no events: ${response.status}`)
      const frames = makeEventFrames()
      const decoder = new TextDecoder()
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const data = frames.push(decoder.decode(chunk, { stream: true }))
        events.push(...data.map((text) => deckEventSchema.parse(JSON.parse(text))))
      }
    }
    pump().catch((error: unknown) => {
      if (!aborter.signal.aborted) failure = error
    })
    const close = (): void => aborter.abort()
    scope.add(close)
    return {
      events,
      close,
      until: (is, timeoutMs = 30_000) =>
        waitUntil(
          'such an event',
          () => {
            if (failure !== null) throw failure
            return events.find(is)
          },
          { timeoutMs, everyMs: 20 },
        ),
    }
  }
  return {
    pid: program.mark.pid,
    url,
    openUrl,
    version: String(ready['version']),
    stateFolder,
    env,
    program,
    token,
    fetch: send,
    call,
    stream,
    stop,
  }
}

/** Returns the id of the instance with that pid, once its dashboard port is known. */
export const idOf = (backend: TestBackend, pid: number): Promise<string> =>
  waitUntil('the instance', async () => {
    const { instances } = await backend.call('sweep')
    return instances.find((instance) => instance.pid === pid && instance.port !== null)?.id
  })
