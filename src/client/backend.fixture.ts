// A backend for tests that answers the event stream only.
import type { Backend } from './backend.ts'
import type { CallError } from './call-error.ts'

/** The result of one attempt to open the stream: an error, or these events in one chunk; then the stream ends or stays open. */
export type StreamAttempt = CallError | { events: readonly object[]; ends?: true }

/** Answers the attempts in turn, and then repeats the last one. `signals`: of each attempt so far. */
export function makeStreamingBackend(
  ...attempts: readonly StreamAttempt[]
): Backend & { signals: AbortSignal[] } {
  const signals: AbortSignal[] = []
  return {
    signals,
    call: () => Promise.reject(new Error('no calls in this test')),
    events(signal) {
      const now = attempts[Math.min(signals.push(signal), attempts.length) - 1]
      if (!now || now instanceof Error) return Promise.reject(now ?? new Error('no attempt given'))
      const text = now.events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
      return Promise.resolve(
        new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new TextEncoder().encode(text))
            if (now.ends) controller.close()
            else signal.addEventListener('abort', () => controller.error(signal.reason))
          },
        }),
      )
    },
  }
}
