// Keeps the event stream open: reads it, reconnects when it breaks or is silent, and reports the connection state.
import type { DeckEvent } from '#contract/events'
import type { Backend } from './backend.ts'
import { CallError } from './call-error.ts'
import { parseEvent, readEvents } from './event-reader.ts'

/** The backend pings every 15 s: a stream that is silent for longer than this is broken, for example after sleep. */
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
  /** Reports to the backend whether the page is visible now. */
  reportVisibility(): void
  /** Reconnects to get a new snapshot, after an event was missed. */
  restart(): void
  close(): void
}

/** Starts reading. It stops at `close`, or when the backend rejects the token or has another version. */
export function makeEventPump({ backend, onEvent, onConnection, isVisible }: PumpInput): EventPump {
  const watchdog = makeWatchdog()
  const pause = makePause()
  let isClosed = false
  let streamId: string | null = null

  function close(): void {
    isClosed = true
    watchdog.stop()
    pause.skip()
  }
  function fail(connection: Connection): void {
    close()
    onConnection(connection)
  }
  function reportVisibility(): void {
    if (isVisible()) pause.skip()
    if (streamId === null) return
    const call = backend.call('stream', { params: { streamId }, body: { isVisible: isVisible() } })
    call.catch(() => undefined) // A lost backend is detected by the stream.
  }

  /** Handles one event; false: the stream is closed, and later events of the chunk are ignored. */
  function handle(data: string): boolean {
    if (isClosed) return false
    const event = parseEvent(data)
    if (event === 'other-version') {
      fail('other-version')
      return false
    }
    if (event.type === 'hello') {
      streamId = event.streamId
      pause.reset()
      if (!isVisible()) reportVisibility()
    }
    if (event.type === 'snapshot') onConnection('open')
    onEvent(event)
    return true
  }

  async function run(): Promise<void> {
    onConnection('connecting')
    while (!isClosed) {
      const signal = watchdog.start()
      try {
        await readEvents(await backend.events(signal), { onActivity: watchdog.touch, onData: handle })
      } catch (error) {
        if (error instanceof CallError && error.code === 'unauthorized') return fail('unauthorized')
        // Anything else is a broken stream: reconnect.
      }
      streamId = null
      if (isClosed) return
      onConnection('lost')
      await pause.wait()
    }
  }
  void run()
  return { reportVisibility, restart: watchdog.abort, close }
}

/** Aborts the current connection when nothing was received for `SILENCE_MS`. */
function makeWatchdog() {
  let controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const abort = (): void => controller.abort()
  const touch = (): void => {
    clearTimeout(timer)
    timer = setTimeout(abort, SILENCE_MS)
  }
  return {
    abort,
    touch,
    start(): AbortSignal {
      controller = new AbortController()
      touch()
      return controller.signal
    },
    stop(): void {
      clearTimeout(timer)
      controller.abort()
    },
  }
}

/** Creates the pause between two connections, which doubles each time and can be skipped. */
function makePause() {
  let retryMs = FIRST_RETRY_MS
  let skip = (): void => undefined
  return {
    async wait(): Promise<void> {
      await new Promise<void>((resolve) => {
        skip = resolve
        setTimeout(resolve, retryMs)
      })
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    },
    skip: () => skip(),
    reset(): void {
      retryMs = FIRST_RETRY_MS
    },
  }
}
