// Notifications to a client with several event streams, or with none yet.
import { beforeEach, expect, it } from 'vitest'
import { createEventStreams, type EventStreams } from './event-streams.ts'
import type { Listener } from './reply.ts'

let got: string[]
beforeEach(() => {
  got = []
})

const listener = (name: string): Listener => ({
  message: (line) => void got.push(`${name} ${line.toString()}`),
  end: () => void got.push(`${name} end`),
  unreadBytes: () => 10,
})
const changed = (name: string): string => `{"method":"notifications/${name}/list_changed"}`
const send = (streams: EventStreams, text: string): void => streams.message(Buffer.from(text))

it('of a session sends each message to the newest stream only', () => {
  const streams = createEventStreams(true)
  streams.add(listener('old'))
  const remove = streams.add(listener('new'))
  send(streams, '1')
  remove()
  send(streams, '2')
  expect(got).toEqual(['new 1', 'old 2'])
})

it('without a session sends each message to all streams, and keeps none', () => {
  const streams = createEventStreams(false)
  send(streams, '0')
  streams.add(listener('a'))
  streams.add(listener('b'))
  send(streams, '1')
  expect(got).toEqual(['a 1', 'b 1'])
})

it('keeps for the next stream what says that a list has changed, once, and at most 32', () => {
  const streams = createEventStreams(true)
  send(streams, '{"method":"notifications/message"}')
  for (let count = 0; count < 40; count++) send(streams, changed(`n${count}`))
  send(streams, changed('n39'))
  streams.add(listener('a'))
  streams.add(listener('b'))
  expect([got.length, got[0], got.at(-1)]).toEqual([32, `a ${changed('n8')}`, `a ${changed('n39')}`])
})

it('ends all', () => {
  const streams = createEventStreams(true)
  streams.add(listener('a'))
  streams.add(listener('b'))
  expect(streams.unreadBytes()).toBe(20)
  streams.end()
  expect(got).toEqual(['a end', 'b end'])
  expect([streams.isEmpty(), streams.newest()]).toEqual([true, null])
})
