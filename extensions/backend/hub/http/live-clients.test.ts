// Clients over HTTP by an injected clock: which of them leave.
import { beforeEach, expect, it } from 'vitest'
import { createLiveClients, type LiveClient, type LiveClients } from './live-clients.ts'

let nowMs: number
let live: LiveClients<LiveClient>
let closed: string[]
/** Clients with an open response. */
let busy: string[]
let listening: string[]

const add = (name: string): void =>
  live.add(name, {
    client: {
      hasListener: () => listening.includes(name),
      isIdle: () => !busy.includes(name) && !listening.includes(name),
      close: () => void closed.push(name),
    },
  })
function tickAt(ms: number): string[] {
  nowMs = ms
  live.tick()
  return closed
}

beforeEach(() => {
  nowMs = 0
  closed = []
  busy = []
  listening = []
  live = createLiveClients({ idleMs: 600_000, most: 3, now: () => nowMs })
  add('a')
  add('b')
})

it('leave when they were not used for the time', () => {
  nowMs = 100_000
  expect(live.use('b')).not.toBeNull()
  expect(tickAt(599_999)).toEqual([])
  expect(tickAt(600_000)).toEqual(['a'])
  expect(live.use('a')).toBeNull()
  expect(tickAt(700_000)).toEqual(['a', 'b'])
})

it('stay while a response is open, and leave a minute after their event stream has closed', () => {
  busy = ['a']
  listening = ['b']
  expect(tickAt(900_000)).toEqual([])
  busy = []
  listening = []
  expect(tickAt(959_999)).toEqual([])
  expect(tickAt(960_000)).toEqual(['b'])
  expect(tickAt(1_500_000)).toEqual(['b', 'a'])
})

it('make room: the longest unused one without an open response leaves', () => {
  busy = ['a']
  add('c')
  nowMs = 5
  live.use('b')
  add('d')
  expect(closed).toEqual(['c'])
  expect(live.use('a')).not.toBeNull()
})

it('are closed once', () => {
  live.close('a')
  live.close('a')
  live.remove('b')
  live.closeAll()
  expect(closed).toEqual(['a'])
})
