// Messages to a client that reads slowly, or not at all.
import { beforeEach, expect, it } from 'vitest'
import { type ClientOutput, createClientOutput } from './client-output.ts'
import { MOST_UNREAD_BYTES, SLOW_BYTES } from './client-port.ts'

let output: ClientOutput
let unread: number
let sent: string[]
let used: number

beforeEach(() => {
  unread = 0
  sent = []
  used = 0
  output = createClientOutput(
    { send: (line) => void sent.push(line.toString()), unreadBytes: () => unread },
    (bytes) => (used += bytes),
  )
})

const large = (text: string): Buffer => Buffer.from(text.replace('…', 'x'.repeat(64)))
const TOOL_ANSWER = large('{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"…"}]}}')

it('sends a message of any size to a client that reads', () => {
  unread = SLOW_BYTES - 1
  const huge = Buffer.alloc(MOST_UNREAD_BYTES + 1, ' ')
  output.send(huge)
  expect([sent.length, used]).toEqual([1, huge.length])
})

it('sends to a slow client what still has room', () => {
  unread = MOST_UNREAD_BYTES - TOOL_ANSWER.length
  output.send(TOOL_ANSWER)
  expect(sent).toEqual([TOOL_ANSWER.toString()])
})

it('replaces the answer to a tool call by a tool error', () => {
  unread = MOST_UNREAD_BYTES
  output.send(TOOL_ANSWER)
  expect(sent).toHaveLength(1)
  expect(JSON.parse(sent[0] ?? '')).toMatchObject({ id: 7, result: { isError: true } })
})

it('replaces another answer by an error', () => {
  unread = MOST_UNREAD_BYTES
  output.send(large('{"jsonrpc":"2.0","id":"a","result":{"tools":["…"]}}'))
  expect(JSON.parse(sent[0] ?? '')).toMatchObject({ id: 'a', error: { code: -32603 } })
})

it('drops a notification', () => {
  unread = MOST_UNREAD_BYTES
  output.send(large('{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"…"}}'))
  expect(sent).toEqual([])
})
