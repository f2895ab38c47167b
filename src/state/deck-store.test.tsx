import { createRoot } from 'solid-js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { InstanceList } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { makeStreamingBackend } from '../client/backend.fixture.ts'
import { type Backend, makeBackend } from '../client/backend.ts'
import { CallError } from '../client/call-error.ts'
import { openSession, storedToken } from '../client/session.ts'
import { createDeckStore, type DeckStore } from './deck-store.ts'

const list: InstanceList = {
  schema: 1,
  sweptAt: '2026-11-23T08:00:00.000Z',
  serenaHomes: ['/h'],
  instances: [instance(20), instance(10)],
  notices: [],
}
/** No server listens on this port, and no session is opened. */
const unreachable = makeBackend('http://127.0.0.1:1', Promise.resolve(null))
let dispose = (): void => undefined

function storeWith(first: Parameters<typeof createDeckStore>[2], backend: Backend = unreachable): DeckStore {
  return createRoot((disposeRoot) => {
    dispose = disposeRoot
    return createDeckStore(backend, () => true, first)
  })
}

afterEach(() => {
  dispose()
  sessionStorage.clear()
})

describe('initial state', () => {
  test('shows the initial list at once, in order, not marked as old', () => {
    const deck = storeWith({ list })
    expect(deck.state.instances.map(({ pid }) => pid)).toEqual([10, 20])
    expect(deck.isCached()).toBe(false)
    expect(deck.connection()).toBe('connecting')
  })

  test('keeps the list when the stream cannot be opened, and reports the lost connection', async () => {
    const deck = storeWith({ list, tab: instance(10).id })
    await vi.waitFor(() => expect(deck.lostAtMs()).not.toBeNull())
    expect(deck.state.instances).toHaveLength(2)
    expect(deck.selected()).toBe(instance(10).id)
  })

  test('shows the stored list as old unless the page came with a list', () => {
    sessionStorage.setItem(
      'serena-deck.last-list',
      JSON.stringify({ ...list, instances: [instance(30)] } satisfies InstanceList),
    )
    const kept = storeWith({})
    expect(kept.state.instances.map(({ pid }) => pid)).toEqual([30])
    expect(kept.isCached()).toBe(true)
    dispose()
    const fresh = storeWith({ list })
    expect(fresh.state.instances.map(({ pid }) => pid)).toEqual([10, 20])
    expect(fresh.isCached()).toBe(false)
  })

  test('stores the list when the page is left', () => {
    storeWith({ list })
    dispatchEvent(new Event('pagehide'))
    dispose()
    dispatchEvent(new Event('pagehide'))
    expect(storeWith({}).state.instances.map(({ pid }) => pid)).toEqual([10, 20])
  })

  test('is empty without an initial or stored list', () => {
    const deck = storeWith({})
    expect(deck.state.instances).toEqual([])
    expect(deck.isCached()).toBe(false)
  })
})

describe('the stored token', () => {
  test.each([
    ['is deleted when the backend rejects it', new CallError('unauthorized', 'why', 'fix'), null],
    [
      'is kept for a reload when the backend has another version',
      { events: [{ type: 'hello', schema: 99 }] },
      'T',
    ],
  ])('%s', async (_, answer, left) => {
    const giver = { ...unreachable, call: () => Promise.resolve({ token: 'T' }) } as unknown as Backend
    await openSession(giver, 'nonce')
    const deck = storeWith({ list }, makeStreamingBackend(answer))
    await vi.waitFor(() => expect(deck.connection()).toBe(left === null ? 'unauthorized' : 'other-version'))
    expect(storedToken()).toBe(left)
  })
})
