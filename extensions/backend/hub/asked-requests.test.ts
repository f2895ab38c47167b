// Requests with equal ids of two Serenas to one client.
import { beforeEach, expect, it } from 'vitest'
import { partsOf } from '../mcp/message-parts.ts'
import { type AskedRequests, createAskedRequests } from './asked-requests.ts'

let asked: AskedRequests
let sent: string[]
let answers: string[]
let isTooMuch: boolean

const ask = (from: string): void =>
  asked.ask(Buffer.from('{"id":0,"method":"roots/list"}'), (line) =>
    answers.push(`${from} ${line.toString()}`),
  )
function settle(text: string): void {
  const line = Buffer.from(text)
  const parts = partsOf(line)
  if (parts) asked.settle(line, parts)
}

beforeEach(() => {
  sent = []
  answers = []
  isTooMuch = false
  asked = createAskedRequests({
    send: (line) => void sent.push(line.toString()),
    isTooMuch: () => isTooMuch,
  })
  ask('one')
  ask('two')
})

it('gives each answer, once, to the Serena that has asked, with its own id', () => {
  expect(sent).toEqual(['{"id":1,"method":"roots/list"}', '{"id":2,"method":"roots/list"}'])
  settle('{"id":2,"result":{"is":2}}')
  settle('{"id":2,"result":{"is":3}}')
  settle('{"id":9,"result":{}}')
  expect(answers).toEqual(['two {"id":0,"result":{"is":2}}'])
})

it('answers with an error when the client disconnects', () => {
  settle('{"id":1,"result":{}}')
  asked.close()
  asked.close()
  expect(answers).toHaveLength(2)
  expect(answers[1]).toMatch(/^two .*"id":0,"error":.*The client has disconnected/)
})

it('refuses at once a request to a client that does not read', () => {
  isTooMuch = true
  ask('three')
  expect(sent).toHaveLength(2)
  expect(answers[0]).toMatch(/^three .*"error":.*does not read/)
})
