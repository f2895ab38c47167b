import { createRoot } from 'solid-js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { InstanceList } from '#contract/instance'
import { makeStreamingBackend } from '../client/backend.fixture.ts'
import { type Backend, CallError, makeBackend } from '../client/backend.ts'
import { knownToken, openSession } from '../client/session.ts'
import { createDeckStore, type DeckStore } from './deck-store.ts'
import { makeInstance } from './instance.fixture.ts'

const list: InstanceList = {
  schema: 1,
  sweptAt: '2026-11-23T08:00:00.000Z',
  serenaHomes: ['/h'],
  instances: [makeInstance(20), makeInstance(10)],
  notices: [],
}
/** Nobody listens there, and no session will ever be opened. */
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

describe('what the page begins with', () => {
  test('the list it was opened with is there at once, in its order, and not marked as old', () => {
    const deck = storeWith({ list })
    expect(deck.state.instances.map(({ pid }) => pid)).toEqual([10, 20])
    expect(deck.isRemembered()).toBe(false)
    expect(deck.connection()).toBe('connecting')
  })

  test('it stays when the stream cannot be opened, and that is said', async () => {
    const deck = storeWith({ list, tab: makeInstance(10).id })
    await vi.waitFor(() => expect(deck.lostAtMs()).not.toBeNull())
    expect(deck.state.instances).toHaveLength(2)
    expect(deck.selected()).toBe(makeInstance(10).id)
  })

  test('without one, what this browser tab kept is shown as old; it yields to a list that came with the page', () => {
    sessionStorage.setItem(
      'serena-deck.last-list',
      JSON.stringify({ ...list, instances: [makeInstance(30)] } satisfies InstanceList),
    )
    const kept = storeWith({})
    expect(kept.state.instances.map(({ pid }) => pid)).toEqual([30])
    expect(kept.isRemembered()).toBe(true)
    dispose()
    const fresh = storeWith({ list })
    expect(fresh.state.instances.map(({ pid }) => pid)).toEqual([10, 20])
    expect(fresh.isRemembered()).toBe(false)
  })

  test('what a page shows when it goes is what the next one begins with', () => {
    storeWith({ list })
    dispatchEvent(new Event('pagehide'))
    dispose()
    dispatchEvent(new Event('pagehide'))
    expect(storeWith({}).state.instances.map(({ pid }) => pid)).toEqual([10, 20])
  })

  test('neither: nothing, and nothing is marked', () => {
    const deck = storeWith({})
    expect(deck.state.instances).toEqual([])
    expect(deck.isRemembered()).toBe(false)
  })
})

describe('the token that this browser tab keeps', () => {
  test.each([
    ['N19', 'is forgotten when the backend refuses it', new CallError('unauthorized', 'why', 'fix'), null],
    [
      'F34',
      'is kept for the reload when the backend is of another version',
      { says: [{ type: 'hello', schema: 2 }] },
      'T',
    ],
  ])('%s: %s', async (_, _what, answer, left) => {
    const giver = { ...unreachable, call: () => Promise.resolve({ token: 'T' }) } as unknown as Backend
    await openSession(giver, 'nonce')
    const deck = storeWith({ list }, makeStreamingBackend(answer))
    await vi.waitFor(() => expect(deck.connection()).toBe(left === null ? 'unauthorized' : 'other-version'))
    expect(knownToken()).toBe(left)
  })
})
