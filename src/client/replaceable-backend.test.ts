// The native window reconnects to a restarted backend.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeStreamingBackend } from './backend.fixture.ts'
import { CallError } from './call-error.ts'
import { type Connection, type EventPump, makeEventPump } from './event-pump.ts'
import { makeReplaceableBackend } from './replaceable-backend.ts'

const hello = { type: 'hello', schema: 3, version: '1.2.3', streamId: 's' }
const snapshot = {
  type: 'snapshot',
  sequence: 0,
  list: { schema: 1, sweptAt: 'now', serenaHomes: [], instances: [], notices: [] },
}
const unauthorized = new CallError('unauthorized', 'why', 'fix')
const offline = new CallError('offline', 'why', 'fix')
let pump: EventPump | undefined

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  pump?.close()
  vi.useRealTimers()
})

test('reconnects the stream, even if the new backend first rejected the old token', async () => {
  const killed = makeStreamingBackend({ events: [hello, snapshot], ends: true }, offline, unauthorized)
  const backend = makeReplaceableBackend(killed)
  const connections: Connection[] = []
  pump = makeEventPump({
    backend,
    onEvent: () => undefined,
    onConnection: (connection) => connections.push(connection),
    isVisible: () => true,
  })
  await vi.advanceTimersByTimeAsync(30_000)
  expect(killed.signals.length).toBeGreaterThan(3)
  expect(connections.at(-1)).toBe('lost')
  backend.replace(makeStreamingBackend({ events: [hello, snapshot] }))
  await vi.advanceTimersByTimeAsync(6_000)
  expect(connections.at(-1)).toBe('open')
})

test('sends a call to the newest backend', async () => {
  const backend = makeReplaceableBackend(makeStreamingBackend(offline))
  await expect(backend.call('sweep')).rejects.toThrow('no calls in this test')
  backend.replace({ ...makeStreamingBackend(offline), call: () => Promise.reject(new Error('the newest')) })
  await expect(backend.call('sweep')).rejects.toThrow('the newest')
})
