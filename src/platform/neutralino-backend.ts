// Messages between the native window and the backend, which runs as its extension.
import { events, extensions } from '@neutralinojs/lib'
import * as z from 'zod/mini'
import {
  BACKEND_EVENTS,
  type BackendMessage,
  backendMessageSchema,
  EXTENSION_ID,
  PAGE_EVENTS,
} from '#contract/window'

/** Interval of requests. The backend answers one of them; a request is a message on a local socket and costs little. */
const REQUEST_EVERY_MS = 40
/** Interval of the small requests; see `requestBackend`. */
const NUDGE_EVERY_MS = 5

/**
 * Requests the address of the backend until it answers: it may still be starting. The runtime's socket delays a small message
 * until the previous one is acknowledged (Nagle's algorithm), which an idle page does after 40 ms. Small requests avoid this delay.
 */
export function requestBackend(): Promise<BackendMessage> {
  return new Promise((resolve) => {
    const request = (): void => {
      extensions.dispatch(EXTENSION_ID, PAGE_EVENTS.hello, {}).catch(() => undefined) // Not connected yet.
    }
    const nudge = (): void => {
      extensions.getStats().catch(() => undefined) // Only the traffic matters.
    }
    const timers = [setInterval(request, REQUEST_EVERY_MS), setInterval(nudge, NUDGE_EVERY_MS)]
    listen(BACKEND_EVENTS.backend, backendMessageSchema, (message) => {
      timers.forEach((timer) => clearInterval(timer))
      resolve(message)
    })
    request()
  })
}

/** Calls `onMessage` with each valid message. */
export function listen<Message>(
  event: string,
  schema: z.ZodMiniType<Message>,
  onMessage: (message: Message) => void,
): void {
  void events.on(event, ({ detail }) => {
    const parsed = z.safeParse(schema, detail)
    if (parsed.success) onMessage(parsed.data)
  })
}
