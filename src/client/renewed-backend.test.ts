// The page of the native window goes on with the backend that was started again.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeStreamingBackend } from './backend.fixture.ts'
import { CallError } from './backend.ts'
import { type Connection, type EventPump, makeEventPump } from './event-pump.ts'
import { makeRenewedBackend } from './renewed-backend.ts'

const hello = { type: 'hello', schema: 1, version: '1.2.3', streamId: 's' }
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

test('the stream opens again by itself, also when the new one refused the old token first', async () => {
  const killed = makeStreamingBackend({ says: [hello, snapshot], ends: true }, offline, unauthorized)
  const backend = makeRenewedBackend(killed)
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
  backend.renew(makeStreamingBackend({ says: [hello, snapshot] }))
  await vi.advanceTimersByTimeAsync(6_000)
  expect(connections.at(-1)).toBe('open')
})

test('a call goes to the newest one', async () => {
  const backend = makeRenewedBackend(makeStreamingBackend(offline))
  await expect(backend.call('sweep')).rejects.toThrow('not asked here')
  backend.renew({ ...makeStreamingBackend(offline), call: () => Promise.reject(new Error('the newest')) })
  await expect(backend.call('sweep')).rejects.toThrow('the newest')
})
