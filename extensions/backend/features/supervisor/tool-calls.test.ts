// Which tool calls run, from the bytes of the wire however they are cut.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createToolCalls, type ToolCalls } from './tool-calls.ts'

const line = (message: unknown): Buffer => Buffer.from(`${JSON.stringify(message)}\n`)
const call = (id?: unknown): unknown => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x' } })
const answer = (id: unknown): unknown => ({ jsonrpc: '2.0', id, result: {} })

function listener(): { calls: ToolCalls; at: (ms: number) => void } {
  let nowMs = 0
  const calls = createToolCalls(() => nowMs)
  return {
    calls,
    at(ms) {
      nowMs = ms
    },
  }
}

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

it('a batch, a call that is taken back, one that wants no answer', () => {
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

it('two calls of one id are two', () => {
  const { calls, at } = listener()
  calls.fromClient(Buffer.concat([line(call(1)), line(call(1))]))
  calls.fromServer(line(answer(1)))
  expect(calls.idleSinceMs()).toBeNull()
  at(3)
  calls.fromServer(line(answer(1)))
  expect(calls.idleSinceMs()).toBe(3)
})

it('a call that is still being said counts as use, as long as something of it comes', () => {
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

it('a call whose id is null is answered by nobody: it is not waited for', () => {
  const { calls, at } = listener()
  at(5)
  calls.fromClient(line(call(null)))
  expect(calls.idleSinceMs()).toBe(5)
})

it('what cannot be read from the client counts as use, from Serena as nothing', () => {
  const { calls, at } = listener()
  at(3)
  calls.fromClient(Buffer.from('{"id":\n'))
  expect(calls.idleSinceMs()).toBe(3)
  calls.fromClient(line(call(1)))
  calls.fromServer(Buffer.from('{"id":1\nnull\n"x"\n'))
  expect(calls.idleSinceMs()).toBeNull()
})

it('wherever the bytes are cut, and whatever goes before the call in the same chunk from Serena', () => {
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
