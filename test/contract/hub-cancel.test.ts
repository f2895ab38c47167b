// Canceled calls: one that waits is never executed, one that runs is not answered, and no other call is affected.
import { describe, expect, test } from 'vitest'
import type { HubClient } from '../helpers/hub-client.ts'
import { type HubStage, startHubStage } from '../helpers/hub-stage.ts'
import type { Script } from '../helpers/scripted-serena.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

interface Blocked extends HubStage {
  a: HubClient
  b: HubClient
  /** Lets the running change end; resolves to its answer. */
  unblock(): Promise<unknown>
}

/** A change of client A is running: every later one waits. */
async function startBlocked(script: Script = {}): Promise<Blocked> {
  const stage = await startHubStage(scope, { script })
  const [a, b] = await Promise.all([stage.open('a'), stage.open('b')])
  const running = a.call('write', { text: 'first', gate: 'first' }, 'first')
  running.catch(() => undefined)
  await stage.serena.gets('first')
  return {
    ...stage,
    a,
    b,
    unblock() {
      stage.serena.open('first')
      return running
    },
  }
}

const callLine = (id: number | string, text: string, tool = 'write') => ({
  id,
  method: 'tools/call',
  params: { name: tool, arguments: { text } },
})
const hasAnswer = (client: HubClient, id: number | string): boolean =>
  client.lines().some((line) => (JSON.parse(line) as { id?: unknown }).id === id)

describe('a waiting call', () => {
  test.each([0, 1, '1', 'größe'])('with id %j is never sent after it was canceled', async (id) => {
    const { a, b, serena, unblock } = await startBlocked()
    b.send(callLine(id, 'canceled'))
    b.cancel(id)
    await b.ping()
    await unblock()
    await b.call('write', { text: 'last' })
    expect(serena.called()).toEqual(['first', 'last'])
    expect(serena.executed()).toEqual(['write first', 'write last'])
    expect(hasAnswer(b, id)).toBe(false)
    expect(hasAnswer(a, 'first')).toBe(true)
  })

  test.each([
    [1, '1'],
    ['1', 1],
  ])('with id %j is not canceled by id %j', async (id, other) => {
    const { b, serena, unblock } = await startBlocked()
    b.send(callLine(other, 'other'))
    const kept = b.call('write', { text: 'kept' }, id)
    b.cancel(other)
    await b.ping()
    await unblock()
    await kept
    expect(serena.executed()).toEqual(['write first', 'write kept'])
  })

  test('is canceled however its id is spelled', async () => {
    const { b, serena, unblock } = await startBlocked()
    b.send(callLine('é', 'canceled'))
    b.sendLine('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"\\u00e9"}}')
    await b.ping()
    await unblock()
    await b.call('write', { text: 'last' })
    expect(serena.executed()).toEqual(['write first', 'write last'])
  })

  test('is not canceled by another client, or by an unknown id that is used later', async () => {
    const { a, b, serena, unblock } = await startBlocked()
    b.cancel('unknown')
    b.cancel(5)
    const kept = b.call('write', { text: 'kept' }, 5)
    await b.ping()
    a.cancel(5)
    await a.ping()
    await unblock()
    await kept
    expect((await b.call('write', { text: 'later' }, 'unknown')).result).toBeDefined()
    expect(serena.executed()).toEqual(['write first', 'write kept', 'write later'])
  })

  test('is never sent after its client has disconnected', async () => {
    const { a, b, hub, serena, unblock } = await startBlocked()
    b.send(callLine(1, 'canceled'))
    await b.ping()
    b.close()
    await hub.until('one client', ({ serenas }) => serenas[0]?.clients.length === 1)
    await unblock()
    await a.call('write', { text: 'last' })
    expect(serena.executed()).toEqual(['write first', 'write last'])
  })

  test('is never sent after it was canceled by a client that has moved to another project', async () => {
    const { a, b, serena, unblock } = await startBlocked({ tools: ['write', 'activate_project'] })
    const project = await makeTempFolder(scope, 'other')
    b.send(callLine(1, 'canceled'))
    expect((await b.call('activate_project', { project })).result).toBeDefined()
    b.cancel(1)
    await b.ping()
    await unblock()
    await a.call('write', { text: 'last' })
    expect(serena.executed()).not.toContain('write canceled')
  })
})

describe('a running call', () => {
  const cancellations = (serena: HubStage['serena']) =>
    serena.lines().filter((line) => line.includes('notifications/cancelled'))

  test('that only reads is canceled at once, under the id that Serena knows', async () => {
    const { open, serena } = await startHubStage(scope)
    const [a, b] = await Promise.all([open(), open()])
    a.send({ id: 1, method: 'tools/call', params: { name: 'read', arguments: { text: 'a', gate: 'a' } } })
    const other = b.call('read', { text: 'b', gate: 'b' }, 1)
    await Promise.all([serena.gets('a'), serena.gets('b')])
    a.sendLine(
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"reason":"später","requestId":1,"more":[]}}',
    )
    // A request after it proves that Serena has got it.
    await a.request('prompts/get', {})
    const sent = serena.lines().find((line) => line.includes('"text":"a"')) ?? ''
    const { id } = JSON.parse(sent) as { id: number }
    expect(cancellations(serena)).toEqual([
      `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"reason":"später","requestId":${id},"more":[]}}`,
    ])
    serena.open('b')
    expect((await other).result).toBeDefined()
  })

  test('that may change something runs to its end without an answer; the next change waits for it', async () => {
    const { a, b, serena, unblock } = await startBlocked()
    const next = b.call('write', { text: 'next' })
    a.cancel('first')
    await a.ping()
    expect(serena.called()).toEqual(['first'])
    void unblock()
    await next
    await a.ping()
    expect(serena.executed()).toEqual(['write first', 'write next'])
    expect(hasAnswer(a, 'first')).toBe(false)
    expect(cancellations(serena)).toEqual([])
  })

  test('that was canceled does not disturb the next call with its id', async () => {
    const { open, serena } = await startHubStage(scope)
    const a = await open()
    a.send(callLine(1, 'first', 'read'))
    a.cancel(1)
    await serena.gets('first')
    const { result } = await a.call('read', { text: 'second' }, 2)
    expect(result?.content?.[0]?.text).toBe('second')
    a.cancel(2)
    expect((await a.call('read', { text: 'third' }, 3)).result?.content?.[0]?.text).toBe('third')
  })
})

describe('canceling', () => {
  test.each([
    '{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":null}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{"id":1}}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":[1]}',
  ])('ignores %s', async (line) => {
    const { open } = await startHubStage(scope)
    const a = await open()
    a.sendLine(line)
    expect((await a.call('read')).result).toBeDefined()
  })
})
