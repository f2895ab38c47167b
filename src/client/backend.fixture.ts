// A backend of a test, of which only the event stream answers.
import type { Backend, CallError } from './backend.ts'

/** What one try to open the stream gets: a refusal, or these events in one piece; then the stream ends, or stays open. */
export type StreamTry = CallError | { says: readonly object[]; ends?: true }

/** Answers the tries in turn, and the last one again and again. `signals`: of each try so far. */
export function makeStreamingBackend(...tries: readonly StreamTry[]): Backend & { signals: AbortSignal[] } {
  const signals: AbortSignal[] = []
  return {
    signals,
    call: () => Promise.reject(new Error('not asked here')),
    events(signal) {
      const now = tries[Math.min(signals.push(signal), tries.length) - 1]
      if (!now || now instanceof Error) return Promise.reject(now ?? new Error('no try is given'))
      const text = now.says.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
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
