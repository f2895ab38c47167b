// `initialize` between two clients and a Serena that answers when the test says so.
import { beforeEach, describe, expect, it } from 'vitest'
import { createHandshake, type Handshake } from './handshake.ts'
import type { Member } from './member.ts'

let handshake: Handshake
let kept: Buffer | null
/** What Serena got: methods, or `params` of repeated calls. */
let asked: string[]
let serenaAnswer: string
let got: string[]

const initialize = (version: string): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"${version}"}}`)
const OLD = initialize('2025-03-26')
const NEW = initialize('2025-11-25')
const answerWith = (version: string): string =>
  `{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"${version}"}}`

const member = (id: string): Member => ({
  id,
  isReady: () => true,
  initializeLine: () => null,
  send: (line) => void got.push(`${id} ${line.toString()}`),
  unreadBytes: () => 0,
  ask: () => undefined,
})

beforeEach(() => {
  kept = null
  asked = []
  got = []
  serenaAnswer = answerWith('2025-11-25')
  handshake = createHandshake({
    kept: { read: () => kept, keep: () => Promise.resolve(true), answerTo: () => null },
    ask(line) {
      const { method, params } = JSON.parse(line.toString()) as { method: string; params: unknown }
      asked.push(method === 'initialize' ? JSON.stringify(params) : method)
      return Promise.resolve(Buffer.from(serenaAnswer))
    },
    write: (line) => void asked.push((JSON.parse(line.toString()) as { method: string }).method),
    replay: ['{"name":"activate_project"}'],
    onFault: (error) => {
      throw error
    },
  })
})

it('lets clients wait for the answer of Serena, and gives each its version and id', async () => {
  expect(handshake.answer(member('a'), OLD, '"x"')).toBe(false)
  expect(handshake.answer(member('b'), NEW, '2')).toBe(false)
  expect(handshake.isAwaited()).toBe(true)
  serenaAnswer = answerWith('2025-03-26')
  await handshake.perform()
  expect(asked).toEqual(['{"protocolVersion":"2025-03-26"}', 'notifications/initialized'])
  expect(got).toEqual([
    'a {"jsonrpc":"2.0","id":"x","result":{"protocolVersion":"2025-03-26"}}',
    'b {"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2025-11-25"}}',
  ])
  expect(handshake.isAwaited()).toBe(false)
})

it('answers at once from the kept copy, and from the answer of before', async () => {
  kept = Buffer.from(answerWith('2025-11-25'))
  expect(handshake.answer(member('a'), NEW, '1')).toBe(true)
  await handshake.perform()
  kept = null
  expect(handshake.answer(member('b'), OLD, '1')).toBe(true)
  expect(got).toHaveLength(2)
})

it('starts with the request of the first client that has joined', async () => {
  handshake.join(null)
  handshake.join(OLD)
  handshake.answer(member('b'), NEW, '1')
  await handshake.perform()
  expect(asked[0]).toContain('2025-03-26')
})

it('does not answer a client that has left', async () => {
  handshake.answer(member('a'), NEW, '1')
  handshake.leave(member('a'))
  await handshake.perform()
  expect(got).toEqual([])
})

it('answers with an error when Serena cannot be started', () => {
  handshake.answer(member('a'), NEW, '1')
  handshake.fail('No such program.')
  expect(got).toEqual(['a {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"No such program."}}'])
  expect(handshake.isAwaited()).toBe(false)
})

describe('the call that has led to this place', () => {
  beforeEach(async () => {
    handshake.join(NEW)
    await handshake.perform()
  })

  it('is repeated at each start but the first', async () => {
    expect(asked).not.toContain('tools/call')
    await handshake.perform()
    expect(asked.at(-1)).toBe('tools/call')
  })

  it('ends the start if Serena refuses it', async () => {
    serenaAnswer = '{"jsonrpc":"2.0","id":0,"result":{"isError":true}}'
    await expect(handshake.perform()).rejects.toMatchObject({ code: 'hub-refused' })
  })
})
