// What passes between the clients of a hub and their Serena: every answer and notification reaches the client that it belongs to.
import { describe, expect, test } from 'vitest'
import type { HubClient } from '../helpers/hub-client.ts'
import { type HubStage, startHubStage } from '../helpers/hub-stage.ts'
import type { Script, ScriptedSerena } from '../helpers/scripted-serena.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

const startStage = (script: Script = {}): Promise<HubStage> => startHubStage(scope, { script })

describe('progress', () => {
  test('reaches only the caller, with the token of the caller, and never after the answer', async () => {
    const { open } = await startStage()
    const [a, b, c] = await Promise.all([open(), open(), open()])
    const call = (client: HubClient, progressToken: string | number, id: number) =>
      client.request(
        'tools/call',
        { name: 'read', arguments: { progress: 3, lateProgress: 2 }, _meta: { progressToken } },
        id,
      )
    // Equal tokens and equal ids.
    await Promise.all([call(a, 'same', 1), call(b, 'same', 1), call(c, 7, 1)])
    await Promise.all([a.ping(), b.ping(), c.ping()])
    const tokens = (client: HubClient) => client.all('notifications/progress').map(({ params }) => params)
    const expected = (progressToken: string | number) =>
      [1, 2, 3].map((progress) => ({ progressToken, progress }))
    // Serena has sent its late progress before this answer.
    await a.call('read')
    expect(tokens(a)).toEqual(expected('same'))
    expect(tokens(b)).toEqual(expected('same'))
    expect(tokens(c)).toEqual(expected(7))
    const kinds = a.lines().map((line) => (line.includes('"method"') ? 'progress' : 'answer'))
    expect(kinds.lastIndexOf('progress')).toBe(kinds.indexOf('answer', 1) - 1)
  })

  test.each(['never-sent', 1, 99_999, null])('with the unknown token %j is dropped', async (token) => {
    const { open } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    // A call without a token.
    await a.call('read', { progress: 2, token })
    await Promise.all([a.ping(), b.ping()])
    expect([...a.all('notifications/progress'), ...b.all('notifications/progress')]).toEqual([])
  })
})

describe('notifications', () => {
  const unknown = { method: 'notifications/of_the_future', params: { some: ['thing'] } }

  test('of an unknown kind reach every client unchanged, and break nothing', async () => {
    const { open } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    await a.call('read', { notify: [unknown, { method: 'no/prefix' }] })
    await b.gets('it', ({ method }) => method === 'no/prefix')
    for (const client of [a, b]) expect(client.all(unknown.method)).toEqual([{ jsonrpc: '2.0', ...unknown }])
    expect(await a.call('read', { text: 'after' })).toMatchObject({
      result: { content: [{ text: 'after' }] },
    })
  })

  test('of its log reach the clients with a running call', async () => {
    const { open, serena } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    await b.call('read')
    const log = { method: 'notifications/message', params: { level: 'info', data: 'about the call' } }
    await a.call('read', { notify: [log] })
    expect(a.all(log.method)).toHaveLength(1)
    await b.ping()
    expect(b.all(log.method)).toEqual([])
    expect(serena.starts()).toHaveLength(1)
  })

  test('of a client reach Serena', async () => {
    const { open, serena } = await startStage()
    const a = await open()
    await a.call('read')
    a.send({ method: 'notifications/roots/list_changed' })
    await waitUntil('it', () => serena.lines().some((line) => line.includes('roots/list_changed')))
  })
})

describe('a changed list of tools', () => {
  const LIST_CHANGED = 'notifications/tools/list_changed'

  test('is reported once to every client, whatever the number of notifications', async () => {
    const { open } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    await a.request('tools/list')
    const notify = Array.from({ length: 5 }, () => ({ method: LIST_CHANGED }))
    await a.call('read', { tools: ['read', 'third'] })
    await a.call('read', { notify })
    for (const client of [a, b]) await client.gets('the change', ({ method }) => method === LIST_CHANGED)
    // The hub has asked for the list five times before this call.
    await a.call('read')
    await Promise.all([a.ping(), b.ping()])
    for (const client of [a, b]) expect(client.all(LIST_CHANGED)).toHaveLength(1)
    const { result } = await b.request('tools/list')
    expect(result?.['tools']).toMatchObject([{ name: 'read' }, { name: 'third' }])
  })

  test.each([
    ['reports another list once', ['read', 'write', 'third'], 1],
    ['does not report an equal list', ['read', 'write'], 0],
  ] as const)('after a restart: %s', async (_, tools, count) => {
    const { open, serena, hub } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    await a.call('read')
    await waitUntil('the hub to have asked for the lists', () => lists(serena) === 1)
    serena.write({ tools })
    expect(await hub.control('restart', null)).toEqual({ done: true, count: 1 })
    await a.call('read')
    await waitUntil('the hub to have asked for the lists', () => lists(serena) === 2)
    await a.call('read')
    await Promise.all([a.ping(), b.ping()])
    for (const client of [a, b]) expect(client.all(LIST_CHANGED)).toHaveLength(count)
  })

  const lists = (serena: ScriptedSerena): number =>
    serena.lines().filter((line) => line.includes('resources/templates/list')).length
})

describe('a request of Serena', () => {
  const ask = { method: 'elicitation/create', params: { message: 'Sure?' } }

  test.each([0, 1, 'of Serena'])(
    'with id %j reaches the client of the running call, its answer comes back',
    async (askId) => {
      const { open } = await startStage({ askId })
      const [a, b] = await Promise.all([open(), open()])
      // The client uses the same id at the same time.
      const answer = a.call('read', { ask }, 1)
      const request = await a.gets('the request', ({ method }) => method === ask.method)
      expect(request).toMatchObject(ask)
      a.send({ id: request['id'], result: { action: 'accept', content: { größe: '大' } } })
      const { result } = await answer
      expect(result?.['reply']).toEqual({ id: askId, result: { action: 'accept', content: { größe: '大' } } })
      await b.ping()
      expect(b.all(ask.method)).toEqual([])
    },
  )

  test('gets the error of that client', async () => {
    const { open } = await startStage()
    const a = await open()
    const answer = a.call('read', { ask: { method: 'roots/list' } })
    const { id } = await a.gets('the request', ({ method }) => method === 'roots/list')
    const error = { code: -32601, message: 'no roots here' }
    a.send({ id, error })
    expect((await answer).result?.['reply']).toEqual({ id: 1, error })
  })

  test('gets an error when it could belong to several clients', async () => {
    const { open, serena } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    const other = b.call('read', { gate: 'end', text: 'b' })
    await serena.gets('b')
    const { result } = await a.call('read', { ask })
    expect(result?.['reply']).toMatchObject({ error: { code: -32601 } })
    serena.open('end')
    await other
    for (const client of [a, b]) expect(client.all(ask.method)).toEqual([])
  })

  test('gets an error when its client disconnects before it answers', async () => {
    const { open, serena } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    void a.call('write', { ask, text: 'asked' }).catch(() => undefined)
    await a.gets('the request', ({ method }) => method === ask.method)
    a.close()
    // A change waits for the one before it.
    await b.call('write', { text: 'next' })
    expect(serena.executed()).toEqual(['write asked', 'write next'])
  })

  test('a ping is answered by the hub', async () => {
    const { open } = await startStage()
    const a = await open()
    const { result } = await a.call('read', { ask: { method: 'ping' } })
    expect(result?.['reply']).toEqual({ id: 1, result: {} })
    expect(a.all('ping')).toEqual([])
  })
})
