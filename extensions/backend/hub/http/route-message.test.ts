// Messages of a Serena to an HTTP client with a running call and an open event stream.
import { beforeEach, expect, it } from 'vitest'
import { partsOf } from '../../mcp/message-parts.ts'
import { createEventStreams } from './event-streams.ts'
import { createExchanges } from './exchanges.ts'
import type { Reply } from './reply.ts'
import { type OpenResponses, routeMessage } from './route-message.ts'

let got: string[]
let open: OpenResponses
const replyOf = (name: string): Reply => ({
  message: () => void got.push(name),
  answer: () => void got.push(`${name} answer`),
  end: () => undefined,
  hasEvents: true,
  unreadBytes: () => 0,
})
const route = (text: string): string | undefined => routeMessage(Buffer.from(text), open)?.toString()
const ROOTS = '{"id":4,"method":"roots/list"}'
const LOG = '{"method":"notifications/message"}'

function call(): void {
  const line = Buffer.from('{"id":1,"method":"tools/call"}')
  const parts = partsOf(line)
  if (parts) open.exchanges.add(line, parts, replyOf('call'))
}

beforeEach(() => {
  got = []
  open = { exchanges: createExchanges(), streams: createEventStreams(true), takesRequests: true }
})

it('sends requests and log messages to the newest call, else to the event stream', () => {
  open.streams.add(replyOf('stream'))
  expect([route(ROOTS), route(LOG)]).toEqual([undefined, undefined])
  call()
  route(ROOTS)
  route(LOG)
  expect(got).toEqual(['stream', 'stream', 'call', 'call'])
})

it('sends other notifications to the event stream, and answers to their call', () => {
  open.streams.add(replyOf('stream'))
  call()
  route('{"method":"notifications/tools/list_changed"}')
  route('{"jsonrpc":"2.0","id":1,"result":{}}')
  expect(got).toEqual(['stream', 'call answer'])
})

it('refuses a request when nothing is open, or the client cannot answer', () => {
  expect(route(ROOTS)).toMatch(/"id":4,"error"/)
  call()
  open.takesRequests = false
  expect(route(ROOTS)).toMatch(/"id":4,"error"/)
  expect(got).toEqual([])
})
