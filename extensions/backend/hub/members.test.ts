// Messages of a Serena and the clients that get them.
import { beforeEach, describe, expect, it } from 'vitest'
import { partsOf } from '../mcp/message-parts.ts'
import { SLOW_BYTES } from './client-port.ts'
import type { Member } from './member.ts'
import { createMembers, type Members } from './members.ts'

let members: Members
/** `a< message`. */
let got: string[]
let unread: number

const memberOf = (id: string, isReady = true): Member => ({
  id,
  isReady: () => isReady,
  initializeLine: () => null,
  send: (line) => void got.push(`${id}< ${line.toString()}`),
  unreadBytes: () => unread,
  ask: (line) => void got.push(`${id}? ${line.toString()}`),
})

beforeEach(() => {
  members = createMembers()
  got = []
  unread = 0
  for (const id of ['a', 'b']) members.add(memberOf(id))
  members.add(memberOf('new', false))
})

describe('a notification', () => {
  const line = Buffer.from('n')

  it('reaches all clients that have initialized', () => {
    members.notifyAll(line)
    expect(got).toEqual(['a< n', 'b< n'])
  })

  it('with a log message reaches only those with a running request', () => {
    members.notifyCallers(line, new Set(['b', 'new']))
    expect(got).toEqual(['b< n'])
  })

  it('with a log message reaches all when no request is running', () => {
    members.notifyCallers(line, new Set())
    expect(got).toEqual(['a< n', 'b< n'])
  })
})

describe('a request of Serena', () => {
  function ask(method: string, ...callers: string[]): string[] {
    const line = Buffer.from(`{"id":5,"method":"${method}"}`)
    const parts = partsOf(line)
    if (parts) members.ask(line, parts, new Set(callers), (answer) => got.push(`answer ${answer.toString()}`))
    return got
  }

  it('goes to the client of the running call', () => {
    expect(ask('roots/list', 'b')).toEqual(['b? {"id":5,"method":"roots/list"}'])
  })

  it('is refused when it could be for several, running or not', () => {
    ask('roots/list', 'a', 'b')
    ask('roots/list')
    expect(got.map((text) => /^answer .*"id":5,"error":{"code":-32601/.test(text))).toEqual([true, true])
  })

  it('goes to the only client without a running call', () => {
    members.remove(memberOf('a'))
    expect(ask('roots/list')).toEqual(['b? {"id":5,"method":"roots/list"}'])
  })

  it('is answered by the hub if it is a ping', () => {
    expect(ask('ping', 'a')).toEqual(['answer {"jsonrpc":"2.0","id":5,"result":{}}'])
  })
})

it('says which clients read their answers', () => {
  unread = SLOW_BYTES
  expect([members.isReading('a'), members.isReading('left')]).toEqual([false, true])
  unread--
  expect(members.isReading('a')).toBe(true)
})
