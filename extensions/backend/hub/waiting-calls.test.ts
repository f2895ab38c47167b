// The requests of two clients that wait for a Serena.
import { beforeEach, expect, it } from 'vitest'
import { partsOf } from '../mcp/message-parts.ts'
import { callOf } from './call.ts'
import { createWaitingCalls, type WaitingCalls } from './waiting-calls.ts'

let waiting: WaitingCalls
const always = (): boolean => true
const nothing = (): void => undefined

function add(owner: string, rawId: string, tool: string | null): void {
  const method = tool === null ? 'prompts/list' : 'tools/call'
  const line = Buffer.from(`{"id":${rawId},"method":"${method}","params":{"name":"${tool}"}}`)
  const parts = partsOf(line)
  if (parts) waiting.add(callOf(owner, line, parts, rawId, nothing))
}

function takeAll(mayServe = always, maySend = always): string[] {
  const taken: string[] = []
  for (let call = waiting.next(mayServe, maySend); call !== null; call = waiting.next(mayServe, maySend))
    taken.push(`${call.owner}${call.rawId}`)
  return taken
}

beforeEach(() => {
  waiting = createWaitingCalls()
  add('a', '1', 'write')
  add('a', '2', 'write')
  add('b', '1', 'write')
  add('b', '2', null)
  add('a', '3', null)
})

it('returns what is no tool call first, in order, then tool calls in turns', () => {
  expect(takeAll()).toEqual(['b2', 'a3', 'a1', 'b1', 'a2'])
  expect(waiting.isEmpty()).toBe(true)
})

it('holds back only tool calls', () => {
  const never = (): boolean => false
  expect(takeAll(always, never)).toEqual(['b2', 'a3'])
  expect(takeAll(never)).toEqual([])
  expect(waiting.isEmpty()).toBe(false)
})

it('never returns what its client has canceled', () => {
  waiting.cancel('a', '1')
  waiting.cancel('a', '3')
  waiting.cancel('b', '3')
  expect(takeAll()).toEqual(['b2', 'a2', 'b1'])
})

it('never returns anything of a client that has left', () => {
  waiting.abandon('b')
  expect(takeAll()).toEqual(['a3', 'a1', 'a2'])
})

it('returns everything at once', () => {
  expect(waiting.takeAll().map(({ owner, rawId }) => owner + rawId)).toEqual(['b2', 'a3', 'a1', 'a2', 'b1'])
  expect(waiting.isEmpty()).toBe(true)
  expect(waiting.toolCalls('a')).toEqual([])
})
