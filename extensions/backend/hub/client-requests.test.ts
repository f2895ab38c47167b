// How the calls of clients end, by messages and an injected clock.
import { beforeEach, describe, expect, it } from 'vitest'
import { partsOf } from '../mcp/message-parts.ts'
import { type Call, callOf } from './call.ts'
import { createCalls } from './calls.ts'
import { type ClientRequests, createClientRequests } from './client-requests.ts'

let requests: ClientRequests
let pump: () => void
let sent: string[]
let answers: string[]
let isReady: boolean
let nowMs: number

function add(id: number, tool: string | null): Call {
  const method = tool === null ? 'prompts/list' : 'tools/call'
  const line = Buffer.from(`{"id":${id},"method":"${method}","params":{"name":"${tool}"}}`)
  const parts = partsOf(line)
  if (parts === null) throw new Error('no message')
  const call = callOf('a', line, parts, String(id), (answer) => answers.push(answer.toString()))
  requests.add(call)
  pump()
  return call
}
function settle(id: number): boolean {
  const line = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{}}`)
  const parts = partsOf(line)
  return parts !== null && requests.settle(line, parts)
}

beforeEach(() => {
  sent = []
  answers = []
  isReady = true
  nowMs = 1_000
  let id = 100
  const calls = createCalls({
    rules: () => ({ limit: 8, isSerial: true, isReadOnly: (tool) => tool === 'read' }),
    isReady: () => isReady,
    write: (line) => void sent.push(line.toString()),
    mayServe: () => true,
    nextId: () => ++id,
    now: () => nowMs,
  })
  pump = calls.pump
  requests = createClientRequests(calls, () => nowMs)
})

describe('Serena exits', () => {
  it('a call that may have taken effect is answered as uncertain, and never sent again', () => {
    add(1, 'write')
    requests.lose()
    requests.begin()
    expect(sent).toHaveLength(1)
    expect(answers).toEqual([
      expect.stringMatching(/"id":1.*may or may not have taken effect.*"isError":true/),
    ])
  })

  it('what only reads is sent again once, then answered as uncertain', () => {
    add(1, 'read')
    add(2, null)
    requests.lose()
    expect([sent.length, answers]).toEqual([2, []])
    requests.begin()
    expect(sent).toHaveLength(4)
    requests.lose()
    requests.begin()
    expect(sent).toHaveLength(4)
    expect(answers.map((line) => /"(error|isError)":/.exec(line)?.[1])).toEqual(['error', 'isError'])
  })
})

it('answers everything that waits when Serena cannot be started', () => {
  isReady = false
  add(1, 'write')
  add(2, null)
  requests.fail('No such program.')
  expect(answers[0]).toMatch(/"id":2,"error":.*No such program/)
  expect(answers[1]).toMatch(/"id":1.*No such program.*"isError":true/)
  isReady = true
  requests.begin()
  expect(sent).toEqual([])
})

it('gives up a call once: a late answer is dropped, and the next change is sent', () => {
  add(1, 'write')
  add(2, 'write')
  nowMs += 500
  expect([requests.giveUp(501), requests.giveUp(500)]).toEqual([0, 1])
  expect(answers).toEqual([expect.stringContaining('has not answered this call in time')])
  expect(sent).toHaveLength(2)
  expect(settle(101)).toBe(true)
  expect(answers).toHaveLength(1)
})

it('is idle since the last tool call or start, and not while something waits or runs', () => {
  expect(requests.idleSinceMs()).toBe(1_000)
  nowMs = 2_000
  requests.begin()
  add(1, 'write')
  expect(requests.idleSinceMs()).toBeNull()
  nowMs = 3_000
  expect(settle(101)).toBe(true)
  expect(requests.idleSinceMs()).toBe(3_000)
  nowMs = 4_000
  add(2, null)
  expect(settle(102)).toBe(false)
  expect(requests.idleSinceMs()).toBe(3_000)
  isReady = false
  add(3, null)
  expect(requests.idleSinceMs()).toBeNull()
})
