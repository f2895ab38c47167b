// What the page makes of a backend that is not the one it began with: rows N19 and F34.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DeckEvent } from '#contract/events'
import { makeStreamingBackend, type StreamTry } from './backend.fixture.ts'
import { CallError } from './backend.ts'
import { type Connection, type EventPump, makeEventPump } from './event-pump.ts'

const hello = { type: 'hello', schema: 1, version: '1.2.3', streamId: 's' }
const snapshot = {
  type: 'snapshot',
  sequence: 0,
  list: { schema: 1, sweptAt: 'now', serenaHomes: [], instances: [], notices: [] },
}
const unauthorized = new CallError('unauthorized', 'why', 'fix')
let pump: EventPump | undefined

/** Runs a pump for ten minutes. */
async function run(...tries: StreamTry[]) {
  const backend = makeStreamingBackend(...tries)
  const connections: Connection[] = []
  const events: DeckEvent['type'][] = []
  pump = makeEventPump({
    backend,
    onEvent: ({ type }) => events.push(type),
    onConnection: (connection) => connections.push(connection),
    isVisible: () => true,
  })
  await vi.advanceTimersByTimeAsync(600_000)
  return { connections, events, signals: backend.signals }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  pump?.close()
  vi.useRealTimers()
})

test('N19: a token that the backend does not know is said, and not tried again', async () => {
  const { connections, signals } = await run(unauthorized)
  expect(connections).toEqual(['connecting', 'unauthorized'])
  expect(signals).toHaveLength(1)
})

test('N19: a token of before a restart is noticed when the stream is opened anew', async () => {
  const { connections, signals } = await run({ says: [hello, snapshot], ends: true }, unauthorized)
  expect(connections).toEqual(['connecting', 'open', 'lost', 'unauthorized'])
  expect(signals).toHaveLength(2)
})

test('a backend that is not there is tried again and again', async () => {
  const { connections, signals } = await run(new CallError('offline', 'why', 'fix'))
  expect(connections.slice(0, 3)).toEqual(['connecting', 'lost', 'lost'])
  expect(signals.length).toBeGreaterThan(100)
})

test('F34: of a backend of another schema nothing is taken, the stream is let go and not tried again', async () => {
  const { connections, events, signals } = await run({ says: [{ ...hello, schema: 2 }, snapshot] })
  expect(connections).toEqual(['connecting', 'other-version'])
  expect(events).toEqual([])
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

test('F34: of a newer backend of our schema what is unknown is passed over', async () => {
  const newer = [hello, snapshot].map((event) => ({ ...event, mood: 'good' }))
  const { connections, events } = await run({ says: newer })
  expect(connections.slice(0, 2)).toEqual(['connecting', 'open'])
  expect(events.slice(0, 2)).toEqual(['hello', 'snapshot'])
})
