// Requests with equal ids of one client over HTTP, by messages alone.
import { beforeEach, describe, expect, it } from 'vitest'
import { type MessageParts, partsOf } from '../../mcp/message-parts.ts'
import { createExchanges, type Exchanges } from './exchanges.ts'
import type { Reply } from './reply.ts'

let exchanges: Exchanges
/** `one answer {…}`. */
let got: string[]

const message = (text: string): [Buffer, MessageParts] => {
  const line = Buffer.from(text)
  const parts = partsOf(line)
  if (parts === null) throw new Error(`no message: ${text}`)
  return [line, parts]
}
const replyOf = (name: string, hasEvents = true): Reply => ({
  message: (line) => void got.push(`${name} message ${line.toString()}`),
  answer: (line) => void got.push(`${name} answer ${line.toString()}`),
  end: () => void got.push(`${name} end`),
  hasEvents,
  unreadBytes: () => 0,
})
const call = (name: string, id: string, reply = replyOf(name)): { id: number; line: Buffer } =>
  exchanges.add(
    ...message(`{"id":${id},"method":"tools/call","params":{"_meta":{"progressToken":"same"}}}`),
    reply,
  )

beforeEach(() => {
  got = []
  exchanges = createExchanges()
})

it('gives each answer to its response, once, with the id of the client', () => {
  expect([call('one', '5'), call('two', '5')].map(({ line }) => line.toString())).toEqual([
    '{"id":1,"method":"tools/call","params":{"_meta":{"progressToken":1}}}',
    '{"id":2,"method":"tools/call","params":{"_meta":{"progressToken":2}}}',
  ])
  for (const id of [2, 2, 1, 7]) exchanges.settle(...message(`{"jsonrpc":"2.0","id":${id},"result":{}}`))
  expect(got).toEqual([
    'two answer {"jsonrpc":"2.0","id":5,"result":{}}',
    'one answer {"jsonrpc":"2.0","id":5,"result":{}}',
  ])
  expect(exchanges.isEmpty()).toBe(true)
})

it('gives progress to its response, with the token of the client', () => {
  call('one', '1')
  call('two', '2')
  exchanges.progress(...message('{"method":"notifications/progress","params":{"progressToken":2}}'))
  exchanges.progress(...message('{"method":"notifications/progress","params":{"progressToken":9}}'))
  expect(got).toEqual(['two message {"method":"notifications/progress","params":{"progressToken":"same"}}'])
})

describe('a cancellation', () => {
  it('by the client ends the response of its newest request with this id', () => {
    call('one', '"a"')
    call('two', '"a"')
    const canceled = '{"method":"notifications/cancelled","params":{"requestId":"a"}}'
    expect(exchanges.cancel(...message(canceled))?.toString()).toBe(canceled.replace('"a"', '2'))
    expect(got).toEqual(['two end'])
    exchanges.settle(...message('{"jsonrpc":"2.0","id":2,"result":{}}'))
    expect(got).toHaveLength(1)
  })

  it('of an unknown request does nothing', () => {
    call('one', '1')
    for (const params of ['{"requestId":"1"}', '{}'])
      expect(
        exchanges.cancel(...message(`{"method":"notifications/cancelled","params":${params}}`)),
      ).toBeNull()
    expect(exchanges.isEmpty()).toBe(false)
  })

  it('is made for a request whose response was closed before its answer', () => {
    call('one', '1')
    call('two', '2')
    exchanges.settle(...message('{"jsonrpc":"2.0","id":1,"result":{}}'))
    expect(exchanges.drop(1)).toBeNull()
    expect(exchanges.drop(2)?.toString()).toContain('"requestId":2')
    expect(exchanges.isEmpty()).toBe(true)
  })
})

it('finds the newest tool call that can have messages', () => {
  const reply = replyOf('one')
  call('one', '1', reply)
  call('two', '2', replyOf('two', false))
  exchanges.add(...message('{"id":3,"method":"tools/list"}'), replyOf('three'))
  expect(exchanges.newestCall()).toBe(reply)
})

it('fails tool calls with a tool error, and other requests with an error', () => {
  call('one', '1')
  exchanges.add(...message('{"id":2,"method":"tools/list"}'), replyOf('two'))
  exchanges.fail('Closed.')
  expect(got[0]).toMatch(/^one answer .*"id":1.*"isError":true/)
  expect(got[1]).toMatch(/^two answer .*"id":2,"error"/)
  expect(exchanges.isEmpty()).toBe(true)
})
