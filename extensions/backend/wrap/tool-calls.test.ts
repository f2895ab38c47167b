// Which tool calls run, from the bytes of the connection, in chunks of any size.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createToolCalls, type ToolCalls } from './tool-calls.ts'

const line = (message: unknown): Buffer => Buffer.from(`${JSON.stringify(message)}\n`)
const call = (id?: unknown): unknown => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x' } })
const answer = (id: unknown): unknown => ({ jsonrpc: '2.0', id, result: {} })

interface Listener {
  calls: ToolCalls
  at: (ms: number) => void
}

function unansweredListener(): Listener {
  let nowMs = 0
  const calls = createToolCalls(() => nowMs)
  return {
    calls,
    at(ms) {
      nowMs = ms
    },
  }
}

/** Its server has answered `initialize` at 0 ms. */
function listener(): Listener {
  const created = unansweredListener()
  created.calls.fromServer(line(answer(0)))
  return created
}

it('does not count the time before the first answer', () => {
  const { calls, at } = unansweredListener()
  at(100)
  calls.fromClient(line({ jsonrpc: '2.0', id: 0, method: 'initialize' }))
  // A request or a notification of the server is no answer.
  calls.fromServer(line({ jsonrpc: '2.0', id: 0, method: 'roots/list' }))
  calls.fromServer(line({ jsonrpc: '2.0', method: 'notifications/message' }))
  expect(calls.idleSinceMs()).toBeNull()
  at(9_000)
  const bytes = line(answer(0))
  calls.fromServer(bytes.subarray(0, 5))
  expect(calls.idleSinceMs()).toBeNull()
  calls.fromServer(bytes.subarray(5))
  expect(calls.idleSinceMs()).toBe(9_000)
  at(9_500)
  calls.fromServer(line(answer(1)))
  expect(calls.idleSinceMs()).toBe(9_000)
})

it('counts calls from their first byte to their answer, and nothing else', () => {
  const { calls, at } = listener()
  expect(calls.idleSinceMs()).toBe(0)
  at(10)
  for (const method of ['initialize', 'ping', 'tools/list', 'notifications/initialized'])
    calls.fromClient(line({ jsonrpc: '2.0', id: 1, method }))
  calls.fromServer(line(answer(1)))
  expect(calls.idleSinceMs()).toBe(0)
  at(20)
  calls.fromClient(Buffer.concat([line(call(7)), line(call('7'))]))
  expect(calls.idleSinceMs()).toBeNull()
  at(30)
  calls.fromServer(line(answer(7)))
  expect(calls.idleSinceMs()).toBeNull()
  // What Serena asks the client has ids of its own.
  calls.fromServer(line({ jsonrpc: '2.0', id: '7', method: 'roots/list' }))
  expect(calls.idleSinceMs()).toBeNull()
  at(40)
  calls.fromServer(line({ jsonrpc: '2.0', id: '7', error: { code: 1, message: 'no' } }))
  expect(calls.idleSinceMs()).toBe(40)
})

it('handles a batch, a canceled call, and a call without an answer', () => {
  const { calls, at } = listener()
  calls.fromClient(line([call(1), { jsonrpc: '2.0', method: 'notifications/initialized' }, call(2)]))
  calls.fromServer(line([answer(2), answer(1)]))
  expect(calls.idleSinceMs()).toBe(0)
  at(5)
  calls.fromClient(line(call(3)))
  at(8)
  calls.fromClient(line({ method: 'notifications/cancelled', params: { requestId: 3 } }))
  expect(calls.idleSinceMs()).toBe(8)
  at(9)
  calls.fromClient(line(call()))
  expect(calls.idleSinceMs()).toBe(9)
})

it('counts two calls with one id as two', () => {
  const { calls, at } = listener()
  calls.fromClient(Buffer.concat([line(call(1)), line(call(1))]))
  calls.fromServer(line(answer(1)))
  expect(calls.idleSinceMs()).toBeNull()
  at(3)
  calls.fromServer(line(answer(1)))
  expect(calls.idleSinceMs()).toBe(3)
})

it('counts an incomplete call as use while its bytes arrive', () => {
  const { calls, at } = listener()
  const bytes = line(call(1))
  at(50)
  calls.fromClient(bytes.subarray(0, 20))
  expect(calls.idleSinceMs()).toBe(50)
  at(90)
  calls.fromClient(bytes.subarray(20, 30))
  expect(calls.idleSinceMs()).toBe(90)
  calls.fromClient(bytes.subarray(30))
  expect(calls.idleSinceMs()).toBeNull()
})

it('does not wait for a call whose id is null', () => {
  const { calls, at } = listener()
  at(5)
  calls.fromClient(line(call(null)))
  expect(calls.idleSinceMs()).toBe(5)
})

it('counts unreadable input of the client as use, but not that of Serena', () => {
  const { calls, at } = listener()
  at(3)
  calls.fromClient(Buffer.from('{"id":\n'))
  expect(calls.idleSinceMs()).toBe(3)
  calls.fromClient(line(call(1)))
  calls.fromServer(Buffer.from('{"id":1\nnull\n"x"\n'))
  expect(calls.idleSinceMs()).toBeNull()
})

it('is the same for any chunk boundaries, and for any output before the answer', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
      sizes,
      (ids, cuts) => {
        const { calls } = listener()
        const feed = (bytes: Buffer, to: (bytes: Buffer) => void): void => {
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = cuts[i % cuts.length] ?? 1
            to(bytes.subarray(at, at + size))
            at += size
          }
        }
        feed(Buffer.concat(ids.map((id) => line(call(id)))), calls.fromClient)
        expect(calls.idleSinceMs()).toBeNull()
        feed(Buffer.concat(ids.map((id) => line(answer(id)))), calls.fromServer)
        expect(calls.idleSinceMs()).toBe(0)
      },
    ),
  )
})
