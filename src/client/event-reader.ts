// Reads events from the bytes of the event stream.

import * as z from 'zod/mini'
import { makeEventFrames } from '#contract/event-frames'
import { type DeckEvent, deckEventSchema } from '#contract/events'
import { STREAM_VERSION } from '#contract/versions'

const helloSchema = z.object({ type: z.literal('hello'), schema: z.number() })

interface ReaderCallbacks {
  /** Called when data is received, even without a complete event. */
  onActivity: () => void
  /** Called with the data of each event; returning false stops reading. */
  onData: (data: string) => boolean
}

/** Reads until the stream ends or `onData` returns false. */
export async function readEvents(
  stream: ReadableStream<Uint8Array>,
  { onActivity, onData }: ReaderCallbacks,
): Promise<void> {
  const frames = makeEventFrames()
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onActivity()
    for (const data of frames.push(decoder.decode(value, { stream: true }))) if (!onData(data)) return
  }
}

/** Returns the event; `other-version`: a hello event of another schema. Throws if the data is not an event. */
export function parseEvent(data: string): DeckEvent | 'other-version' {
  const json: unknown = JSON.parse(data)
  const hello = z.safeParse(helloSchema, json)
  if (hello.success && hello.data.schema !== STREAM_VERSION) return 'other-version'
  return z.parse(deckEventSchema, json)
}
