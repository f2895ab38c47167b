// What the rest of the product asks of the hub: its state as an observer, and control actions. Never starts a hub.
import type { Socket } from 'node:net'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { type HubStatus, hubStatusSchema } from '#contract/hub'
import { productVersion } from '../lib/product.ts'
import { createLineSplitter } from '../mcp/line-splitter.ts'
import { type Greeted, greetHub, readFirstLine } from './hub-socket.ts'
import { type ControlHello, type Hello, PROTOCOL } from './protocol.ts'

/** A hub answers at once; one that is stopped or hung does not. */
const ANSWER_MS = 2_000
/** `restart` waits until the Serenas have exited. */
const CONTROL_MS = 60_000
/** Longer than any status. */
const MAX_LINE_BYTES = 4 * 1024 * 1024

const UNREADABLE = 'The response of the hub cannot be read.'
const SILENT = 'The hub does not answer.'
const OTHER_VERSION =
  'The running hub has another version: its state cannot be read. It is replaced when its clients restart.'

const resultSchema = z.discriminatedUnion('done', [
  z.object({ done: z.literal(true), count: z.number() }),
  z.object({ done: z.literal(false), why: z.string() }),
])

export interface HubObserver {
  /** Its last status, without measured memory; null: no hub is running. */
  current(): HubStatus | null
  /** Why the running hub cannot be observed; null: it can, or there is none. */
  problem(): string | null
  /** Connects to a hub that has started meanwhile, and waits for its first status. Cheap while there is none. */
  renew(): Promise<void>
  close(): void
}

/** What the user can ask of it; a newer `connect` asks it to retire. */
export interface HubChange {
  action: Exclude<ControlHello['action'], 'retire'>
  target: ControlHello['target']
}

/** Returns the address of the hub's socket; null: no hub has run here. AppError `hub-unsafe`. */
export type FindSocket = () => string | null

/** Creates an observer that is not connected yet. `onChange` is called after each status, and when the hub has exited. */
export function createHubObserver(findSocket: FindSocket, onChange: () => void): HubObserver {
  let socket: Socket | null = null
  let status: HubStatus | null = null
  let problem: string | null = null
  let isClosed = false
  let connecting: Promise<void> | null = null

  function take(line: string): void {
    const parsed = z.safeParse(hubStatusSchema, parse(line))
    problem = parsed.success ? null : OTHER_VERSION
    // A line that cannot be read does not end what was known.
    if (parsed.success) status = parsed.data
    onChange()
  }

  function lost(opened: Socket): void {
    if (socket === opened) socket = null
    const wasRunning = status !== null
    status = null
    if (wasRunning && !isClosed) onChange()
  }

  async function connect(): Promise<void> {
    const greeted = await greet(findSocket, { kind: 'observer' })
    problem = null
    if (typeof greeted === 'string') return
    const { socket: opened } = greeted
    if (isClosed) return void opened.destroy()
    if (opened.destroyed) return
    socket = opened
    opened.on('close', () => lost(opened))
    // The process of a command may exit while it observes.
    opened.unref()
    await readStatuses(opened, take)
  }

  function fail(error: unknown): void {
    if (!(error instanceof AppError)) throw error
    const text = `${error.message} ${error.fix}`
    const before = problem
    problem = error.code === 'hub-refused' ? `The hub refuses this version: ${text}` : text
    if (problem !== before) onChange()
  }

  return {
    current: () => status,
    problem: () => problem,
    async renew() {
      if (socket === null && !isClosed)
        connecting ??= connect()
          .catch(fail)
          .finally(() => (connecting = null))
      await connecting
    },
    close() {
      isClosed = true
      socket?.destroy()
    },
  }
}

/** Calls back with each line; resolves with the first one, or when the connection is closed, or it took too long. */
function readStatuses(socket: Socket, take: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(waiting)
      resolve()
    }
    const waiting = setTimeout(settle, ANSWER_MS)
    const lines = createLineSplitter(
      (line) => {
        take(line.toString('utf8'))
        settle()
      },
      { maxBytes: MAX_LINE_BYTES, onTooLong: () => socket.destroy() },
    )
    socket.on('data', lines.push).once('close', settle)
    socket.resume()
  })
}

/** Runs a control action; resolves to how many Serenas or clients it concerned. Errors: `hub-not-running`, `hub-refused`. */
export async function controlHub(findSocket: FindSocket, { action, target }: HubChange): Promise<number> {
  const greeted = await greet(findSocket, { kind: 'control', action, target })
  if (greeted === 'absent') throw new AppError('hub-not-running')
  if (greeted === 'silent') throw new AppError('hub-refused', { why: SILENT })
  const { socket } = greeted
  const line = await readFirstLine(socket, CONTROL_MS)
  const isOpen = !socket.readableEnded && !socket.destroyed
  socket.destroy()
  if (line === null)
    throw isOpen ? new AppError('hub-refused', { why: SILENT }) : new AppError('hub-not-running')
  const { data: result } = z.safeParse(resultSchema, parse(line))
  if (result?.done === true) return result.count
  throw new AppError('hub-refused', { why: result?.why ?? UNREADABLE })
}

/** Says hello; the hub has accepted it. Errors: `hub-refused`, `hub-unsafe`. */
async function greet(
  findSocket: FindSocket,
  asked: { kind: 'observer' } | ({ kind: 'control' } & HubChange),
): Promise<Greeted | 'absent' | 'silent'> {
  const socketPath = findSocket()
  if (socketPath === null) return 'absent'
  const base = { serenaDeck: 'hello', protocol: PROTOCOL, release: productVersion, pid: process.pid } as const
  const hello: Hello = { ...base, ...asked }
  const greeted = await greetHub(socketPath, hello, ANSWER_MS)
  if (typeof greeted === 'string' || greeted.answer.serenaDeck === 'welcome') return greeted
  greeted.socket.destroy()
  throw new AppError('hub-refused', { why: greeted.answer.why, fix: greeted.answer.fix })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
