// The calls of several clients to one Serena, by messages alone.
import { beforeEach, describe, expect, it } from 'vitest'
import { type MessageParts, partsOf } from '../mcp/message-parts.ts'
import { cancellationIn } from '../mcp/own-ids.ts'
import { type Call, callOf as newCall } from './call.ts'
import type { CallRules } from './call-rules.ts'
import { type Calls, createCalls } from './calls.ts'

let calls: Calls
let sent: string[] = []
let answered: string[] = []
let rules: CallRules
let slow: ReadonlySet<string> = new Set()
let nowMs = 0
let isReady = true

const READ = 'find_symbol'
const WRITE = 'replace_content'
const parts = (line: Buffer): MessageParts => {
  const found = partsOf(line)
  if (found === null) throw new Error(`no message: ${line.toString()}`)
  return found
}

function callOf(owner: string, id: string, tool: string | null, token?: string): Call {
  const params = { name: tool ?? undefined, ...(token !== undefined && { _meta: { progressToken: token } }) }
  const method = tool === null ? 'prompts/list' : 'tools/call'
  const line = Buffer.from(
    `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${JSON.stringify(params)}}`,
  )
  const note = (text: Buffer): void => void answered.push(`${owner} ${text.toString()}`)
  return newCall(owner, line, parts(line), id, note)
}

function queue(owner: string, id: string, tool: string): Call {
  const call = callOf(owner, id, tool)
  calls.add(call)
  calls.pump()
  return call
}

/** The ids under which Serena got its messages. */
const sentIds = (): number[] => sent.map((line) => Number(/"id":(\d+)/.exec(line)?.[1]))
const reply = (id: number): void => {
  const line = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"is":${id}}}`)
  calls.settle(line, parts(line))
  calls.pump()
}
/** Returns the message for Serena. */
function cancel(owner: string, rawId: string): string | null {
  const line = Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${rawId}}}`,
  )
  const canceled = cancellationIn(line, parts(line))
  const before = sent.length
  if (canceled) calls.cancel(owner, canceled)
  return sent.splice(before)[0] ?? null
}

beforeEach(() => {
  sent = []
  answered = []
  slow = new Set()
  nowMs = 0
  isReady = true
  rules = { limit: 3, isSerial: true, isReadOnly: (tool) => tool === READ }
  let id = 100
  calls = createCalls({
    now: () => nowMs,
    rules: () => rules,
    isReady: () => isReady,
    write: (line) => void sent.push(line.toString()),
    mayServe: (owner) => !slow.has(owner),
    nextId: () => ++id,
  })
})

it('answers equal ids of two clients to each with its own id', () => {
  queue('a', '1', READ)
  queue('b', '"1"', READ)
  expect(sentIds()).toEqual([101, 102])
  reply(102)
  reply(101)
  expect(answered).toEqual([
    'b {"jsonrpc":"2.0","id":"1","result":{"is":102}}',
    'a {"jsonrpc":"2.0","id":1,"result":{"is":101}}',
  ])
})

describe('a call that may change something', () => {
  it('is sent only when nothing is running', () => {
    queue('a', '1', READ)
    queue('a', '2', WRITE)
    queue('b', '3', READ)
    expect(sentIds()).toEqual([101])
    reply(101)
    expect(sentIds()).toEqual([101, 102, 103])
    expect(sent[1]).toContain(WRITE)
  })

  it('that waits and is canceled is never sent', () => {
    queue('a', '1', READ)
    queue('a', '2', WRITE)
    expect(cancel('a', '2')).toBeNull()
    reply(101)
    expect(sent.join()).not.toContain(WRITE)
    expect(calls.isIdle()).toBe(true)
  })

  it('that is running and canceled holds back the next change until Serena has finished it', () => {
    queue('a', '1', WRITE)
    expect(cancel('a', '1')).toBeNull()
    queue('b', '1', WRITE)
    expect(sentIds()).toEqual([101])
    reply(101)
    expect(sentIds()).toEqual([101, 102])
    expect(answered).toEqual([])
  })
})

it('sends no more calls at once than the limit', () => {
  for (const id of ['1', '2', '3', '4', '5']) queue('a', id, READ)
  expect(sentIds()).toEqual([101, 102, 103])
  reply(102)
  expect(sentIds()).toEqual([101, 102, 103, 104])
  expect([calls.waiting('a'), calls.running('a')]).toEqual([1, 3])
})

describe('cancel', () => {
  it('carries the id that Serena knows', () => {
    queue('a', '0', READ)
    expect(cancel('a', '0')).toContain('"requestId":101')
  })

  it('distinguishes 1 and "1", and clients', () => {
    queue('a', '1', READ)
    expect([cancel('a', '"1"'), cancel('b', '1')]).toEqual([null, null])
    reply(101)
    expect(answered).toHaveLength(1)
  })

  it('of an unknown id does not affect a later call with it', () => {
    expect(cancel('a', '7')).toBeNull()
    queue('a', '7', READ)
    reply(101)
    expect(answered).toHaveLength(1)
  })

  it('a late answer is passed on, as without a hub', () => {
    queue('a', '1', READ)
    cancel('a', '1')
    reply(101)
    expect(answered).toHaveLength(1)
    reply(101)
    expect(answered).toHaveLength(1)
  })
})

describe('progress', () => {
  const report = (token: number): void => {
    const line = Buffer.from(
      `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":1}}`,
    )
    calls.progress(line, parts(line))
  }

  it('reaches the caller with its own token', () => {
    for (const owner of ['a', 'b']) calls.add(callOf(owner, '1', READ, 'same'))
    calls.pump()
    expect(sent[0]).toContain('"progressToken":101')
    report(102)
    expect(answered).toEqual([
      'b {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"same","progress":1}}',
    ])
  })

  it('with a token that was never sent, or after the answer, is dropped', () => {
    queue('a', '1', READ)
    report(101)
    report(5)
    calls.add(callOf('a', '2', READ, 't'))
    calls.pump()
    reply(102)
    report(102)
    expect(answered.filter((line) => line.includes('progress'))).toEqual([])
  })
})

describe('a client that leaves', () => {
  it('drops its waiting calls, and its running ones get no answer', () => {
    queue('a', '1', WRITE)
    queue('a', '2', WRITE)
    queue('b', '3', WRITE)
    calls.abandon('a')
    reply(101)
    expect(sentIds()).toEqual([101, 102])
    expect(answered).toEqual([])
    expect(calls.waiting('b')).toBe(0)
  })
})

it('does not serve a client that does not read', () => {
  slow = new Set(['a'])
  queue('a', '1', READ)
  queue('b', '2', READ)
  expect(sentIds()).toEqual([101])
  slow = new Set()
  calls.pump()
  expect(sentIds()).toEqual([101, 102])
})

describe('before Serena is ready', () => {
  beforeEach(() => {
    isReady = false
    queue('a', '1', READ)
    calls.add(callOf('a', '2', null))
  })

  it('everything waits, and keeps the Serena in use', () => {
    expect(sent).toEqual([])
    expect(calls.isIdle()).toBe(false)
    isReady = true
    calls.pump()
    expect(sent.map((line) => line.includes('prompts/list'))).toEqual([true, false])
  })

  it('what is canceled is never sent', () => {
    expect([cancel('a', '1'), cancel('a', '2')]).toEqual([null, null])
    isReady = true
    calls.pump()
    expect(sent).toEqual([])
    expect(calls.isIdle()).toBe(true)
  })

  it('what waits fails together', () => {
    expect(calls.takeWaiting().map(({ rawId }) => rawId)).toEqual(['2', '1'])
    expect(calls.isIdle()).toBe(true)
  })
})

describe('a Serena that exits', () => {
  it('makes changes uncertain, and repeats calls that only read, once', () => {
    const read = queue('a', '1', READ)
    const list = callOf('b', '2', null)
    calls.add(list)
    calls.pump()
    rules = { ...rules, isSerial: false }
    const write = queue('a', '3', WRITE)
    expect(calls.lose()).toEqual({ repeatable: [read, list], uncertain: [write] })
    calls.add(read)
    calls.pump()
    expect(calls.lose()).toEqual({ repeatable: [], uncertain: [read] })
    expect(calls.isIdle()).toBe(true)
  })

  it('a canceled call is neither uncertain nor repeated', () => {
    queue('a', '1', WRITE)
    cancel('a', '1')
    expect(calls.lose()).toEqual({ repeatable: [], uncertain: [] })
  })
})

describe('calls that are not answered', () => {
  it('are given up by their age; the next change is sent then, and a late answer is recognized', () => {
    expect(calls.longestMs()).toBeNull()
    const lost = queue('a', '1', READ)
    nowMs = 400
    queue('b', '2', READ)
    const change = queue('c', '3', WRITE)
    nowMs = 1_000
    expect(calls.longestMs()).toBe(1_000)
    expect(calls.giveUp(1_000)).toEqual([lost])
    expect(calls.longestMs()).toBe(600)
    expect(calls.running('a')).toBe(0)
    const [lostId = 0, otherId = 0] = sentIds()
    reply(otherId)
    expect(sentIds()).toHaveLength(3)
    expect(calls.giveUp(0)).toEqual([change])
    lost.isAbandoned = true
    answered = []
    reply(lostId)
    expect(answered).toEqual([])
    expect(calls.isIdle()).toBe(true)
  })

  it('are tool calls only', () => {
    calls.add(callOf('a', '1', null))
    calls.pump()
    nowMs = 1_000
    expect(calls.longestMs()).toBeNull()
    expect(calls.giveUp(0)).toEqual([])
  })
})
