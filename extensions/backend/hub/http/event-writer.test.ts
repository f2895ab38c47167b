// Events as text, and when a client counts as stalled.
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { eventOf } from './event-writer.ts'
import { createStallCheck } from './stall-check.ts'

it('writes a message as one event, also with a carriage return in it', () => {
  expect(eventOf(Buffer.from('{"a":\r1}')).toString()).toBe('event: message\ndata: {"a": 1}\n\n')
  expect(eventOf(Buffer.from('{"é":1}')).toString()).toBe('event: message\ndata: {"é":1}\n\n')
})

it('is stalled only when nothing of what waits was taken for the time', () => {
  let nowMs = 0
  const socket = { bytesWritten: 100, writableLength: 40 }
  const response = { socket: socket as Socket, writableLength: 40 }
  const check = createStallCheck(response, 1_000, () => nowMs)
  const at = (ms: number): boolean => {
    nowMs = ms
    return check.isStalled()
  }
  expect([at(0), at(999)]).toEqual([false, false])
  socket.writableLength = 30
  expect([at(1_000), at(1_999), at(2_000)]).toEqual([false, false, true])
  response.writableLength = 0
  expect(at(2_001)).toBe(false)
})
