// What is sent again, and what is answered, when the hub of a session is lost.
import { beforeEach, describe, expect, it } from 'vitest'
import { type ClientSession, createClientSession } from './client-session.ts'

let session: ClientSession
beforeEach(() => {
  session = createClientSession()
})

const INITIALIZE = '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"clientInfo":{"name":"größe"}}}'
const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}'
const LIST = '{"jsonrpc":"2.0","id":"a","method":"tools/list"}'
const call = (id: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"x"}}`
const answer = (id: string): string => `{"jsonrpc":"2.0","id":${id},"result":{}}`

/** Writes a line to the hub, completely unless `isSent` is false. */
function send(line: string, isSent = true): void {
  const outgoing = session.fromClient(Buffer.from(line))
  expect(outgoing.line.toString()).toBe(line)
  if (isSent) outgoing.onSent()
}
const hear = (line: string): boolean => session.fromHub(Buffer.from(line))
const texts = (lines: readonly Buffer[]): string[] => lines.map(String)
const resume = (): string[] => session.resumeLines().map(({ line }) => line.toString())
/** A client after its first messages. */
function begin(): void {
  send(INITIALIZE)
  expect(hear(answer('0'))).toBe(true)
  send(INITIALIZED)
}

describe('the next hub', () => {
  it('gets initialize under an id of ours, whose answer is not passed on', () => {
    begin()
    expect(texts(session.takeLost())).toEqual([])
    const [first = '', second, ...more] = resume()
    expect(first).toBe(INITIALIZE.replace('"id":0', '"id":"serena-deck-1"'))
    expect([second, ...more]).toEqual([INITIALIZED])
    expect(hear(answer('"serena-deck-1"'))).toBe(false)
    expect(hear(answer('"serena-deck-1"'))).toBe(true)
  })

  it('gets initialize as it was sent while it is not answered, and initialized after it', () => {
    send(INITIALIZE)
    send(INITIALIZED)
    send(LIST)
    session.takeLost()
    expect(resume()).toEqual([INITIALIZE, INITIALIZED, LIST])
    expect(session.isInitializeAnswered()).toBe(false)
  })

  it('gets no initialize when the client has sent none, or it was refused', () => {
    send(LIST)
    session.takeLost()
    expect(resume()).toEqual([LIST])
    send(INITIALIZE)
    hear('{"jsonrpc":"2.0","id":0,"error":{"code":-32602,"message":"no"}}')
    expect(session.isInitializeAnswered()).toBe(false)
    expect(resume()).toEqual([LIST])
  })

  it('gets requests in flight that are not tool calls, twice at most', () => {
    begin()
    send(LIST)
    for (const count of [1, 2]) {
      expect(texts(session.takeLost()), `loss ${count}`).toEqual([])
      expect(resume().at(-1)).toBe(LIST)
    }
    expect(texts(session.takeLost())).toEqual([
      '{"jsonrpc":"2.0","id":"a","error":{"code":-32000,"message":"The connection to Serena was lost repeatedly while this request was running."}}',
    ])
    expect(resume()).toHaveLength(2)
  })

  it('gets nothing that was answered or cancelled', () => {
    begin()
    for (const id of ['1', '"1"', '2']) send(LIST.replace('"a"', id))
    hear(answer('1'))
    send('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}')
    session.takeLost()
    expect(resume().slice(2)).toEqual([LIST.replace('"a"', '"1"')])
  })
})

describe('a tool call', () => {
  it('that was sent is answered and never sent again', () => {
    begin()
    send(call('7'))
    send(call('"ü"'))
    const answers = texts(session.takeLost()).map((text) => JSON.parse(text) as unknown)
    const result = {
      content: [
        { type: 'text', text: expect.stringMatching(/may or may not have taken effect: check/) as string },
      ],
      isError: true,
    }
    expect(answers).toEqual([
      { jsonrpc: '2.0', id: 7, result },
      { jsonrpc: '2.0', id: 'ü', result },
    ])
    expect(resume()).toHaveLength(2)
    expect(session.hasInFlight()).toBe(false)
  })

  it('that did not leave is sent to the next hub', () => {
    begin()
    send(call('7'), false)
    expect(texts(session.takeLost())).toEqual([])
    const [, , again] = session.resumeLines()
    expect(again?.line.toString()).toBe(call('7'))
    again?.onSent()
    expect(texts(session.takeLost())).toHaveLength(1)
  })

  it('is answered with the reason when there is no hub', () => {
    begin()
    send(call('7'), false)
    send(LIST)
    expect(texts(session.takeFailed('No hub.'))).toEqual([
      '{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"No hub."}],"isError":true}}',
      '{"jsonrpc":"2.0","id":"a","error":{"code":-32000,"message":"No hub."}}',
    ])
    expect(session.takeFailed('No hub.')).toEqual([])
  })
})

it('passes on what is no request of the client', () => {
  begin()
  for (const line of ['', 'not json', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', answer('5')]) send(line)
  expect(session.hasInFlight()).toBe(false)
  expect(hear('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}')).toBe(true)
  expect(hear('{"jsonrpc":"2.0","id":0,"method":"ping"}')).toBe(true)
  expect(resume()).toHaveLength(2)
})
