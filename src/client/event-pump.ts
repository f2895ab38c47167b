// Keeps the event stream open: reads it, reconnects when it breaks or falls silent, and says how it stands.
import * as z from 'zod/mini'
import { makeEventFrames } from '#contract/event-frames'
import { type DeckEvent, deckEventSchema, SCHEMA_VERSION } from '#contract/events'
import { type Backend, CallError } from './backend.ts'

/** The backend pings every 15 s; a stream silent for longer than this is dead though nobody said so (sleep, lost socket). */
const SILENCE_MS = 40_000
const FIRST_RETRY_MS = 300
const LAST_RETRY_MS = 5_000

export type Connection = 'connecting' | 'open' | 'lost' | 'unauthorized' | 'other-version'

export interface PumpInput {
  backend: Backend
  onEvent: (event: DeckEvent) => void
  onConnection: (connection: Connection) => void
  isVisible: () => boolean
}

export interface EventPump {
  /** Tells the backend whether this page can be seen now. */
  tellVisible(): void
  /** Takes the snapshot anew, when a change was missed. */
  restart(): void
  close(): void
}

/** Runs until `close`, or until the backend refuses the token or is of another version. */
export function makeEventPump({ backend, onEvent, onConnection, isVisible }: PumpInput): EventPump {
  let current = new AbortController()
  let isClosed = false
  let streamId: string | null = null
  let retryMs = FIRST_RETRY_MS
  let wake = (): void => undefined

  async function readOnce(signal: AbortSignal): Promise<void> {
    const frames = makeEventFrames()
    const decoder = new TextDecoder()
    const reader = (await backend.events(signal)).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      touch()
      for (const data of frames.push(decoder.decode(value, { stream: true }))) {
        // Closed by the one before: what came with it in one piece is nobody's any more.
        if (isClosed) return
        take(data)
      }
    }
  }

  function take(data: string): void {
    const json: unknown = JSON.parse(data)
    const hello = z.safeParse(z.object({ type: z.literal('hello'), schema: z.number() }), json)
    if (hello.success && hello.data.schema !== SCHEMA_VERSION) {
      finish('other-version')
      return
    }
    const event = z.parse(deckEventSchema, json)
    if (event.type === 'hello') {
      streamId = event.streamId
      retryMs = FIRST_RETRY_MS
      if (!isVisible()) pump.tellVisible()
    }
    if (event.type === 'snapshot') onConnection('open')
    onEvent(event)
  }

  let silence: ReturnType<typeof setTimeout> | undefined
  function touch(): void {
    clearTimeout(silence)
    silence = setTimeout(() => current.abort(), SILENCE_MS)
  }

  function finish(connection: Connection): void {
    pump.close()
    onConnection(connection)
  }

  async function run(): Promise<void> {
    onConnection('connecting')
    while (!isClosed) {
      current = new AbortController()
      touch()
      try {
        await readOnce(current.signal)
      } catch (error) {
        if (error instanceof CallError && error.code === 'unauthorized') {
          finish('unauthorized')
          return
        }
        // Anything else is a broken stream: the next try tells.
      }
      streamId = null
      if (isClosed) return
      onConnection('lost')
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, retryMs)
      })
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    }
  }

  const pump: EventPump = {
    tellVisible() {
      if (isVisible()) wake()
      if (streamId === null) return
      backend
        .call('stream', { params: { streamId }, body: { isVisible: isVisible() } })
        // The stream itself tells when the backend is gone.
        .catch(() => undefined)
    },
    restart: () => current.abort(),
    close() {
      isClosed = true
      clearTimeout(silence)
      current.abort()
      wake()
    },
  }
  void run()
  return pump
}
