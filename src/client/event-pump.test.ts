// How the page handles a backend that was restarted or replaced by another version.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DeckEvent } from '#contract/events'
import { makeStreamingBackend, type StreamAttempt } from './backend.fixture.ts'
import { CallError } from './call-error.ts'
import { type Connection, type EventPump, makeEventPump } from './event-pump.ts'

const hello = { type: 'hello', schema: 3, version: '1.2.3', streamId: 's' }
const snapshot = {
  type: 'snapshot',
  sequence: 0,
  list: { schema: 1, sweptAt: 'now', serenaHomes: [], instances: [], notices: [] },
}
const unauthorized = new CallError('unauthorized', 'why', 'fix')
let pump: EventPump | undefined

/** Runs a pump for ten minutes. */
async function run(...tries: StreamAttempt[]) {
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

test('reports an unknown token and does not retry', async () => {
  const { connections, signals } = await run(unauthorized)
  expect(connections).toEqual(['connecting', 'unauthorized'])
  expect(signals).toHaveLength(1)
})

test('detects a token from before a restart when the stream reconnects', async () => {
  const { connections, signals } = await run({ events: [hello, snapshot], ends: true }, unauthorized)
  expect(connections).toEqual(['connecting', 'open', 'lost', 'unauthorized'])
  expect(signals).toHaveLength(2)
})

test('keeps retrying an unreachable backend', async () => {
  const { connections, signals } = await run(new CallError('offline', 'why', 'fix'))
  expect(connections.slice(0, 3)).toEqual(['connecting', 'lost', 'lost'])
  expect(signals.length).toBeGreaterThan(100)
})

test('rejects every event of another schema, closes the stream and does not retry', async () => {
  const { connections, events, signals } = await run({ events: [{ ...hello, schema: 99 }, snapshot] })
  expect(connections).toEqual(['connecting', 'other-version'])
  expect(events).toEqual([])
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

test('ignores unknown fields of a newer backend with the same schema', async () => {
  const newer = [hello, snapshot].map((event) => ({ ...event, mood: 'good' }))
  const { connections, events } = await run({ events: newer })
  expect(connections.slice(0, 2)).toEqual(['connecting', 'open'])
  expect(events.slice(0, 2)).toEqual(['hello', 'snapshot'])
})
