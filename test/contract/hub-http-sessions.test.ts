// The hub at its URL, for clients with sessions: each is a client of the hub like one that has started `connect`.
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { messagesOf, startUrlStage } from '../helpers/hub-url.ts'
import { createScope, type Scope } from '../helpers/scope.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { waitUntil } from '../helpers/wait-until.ts'

let scope: Scope
beforeEach(() => {
  scope = createScope()
})
afterEach(() => scope.end())

const cancel = (requestId: number | string) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
})
const call = (id: number | string, args: object, meta?: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'write', arguments: args, ...(meta && { _meta: meta }) },
})

it('shares one Serena between clients of the URL and of a command', async () => {
  const stage = await startUrlStage(scope)
  const one = await stage.open('one')
  const two = await stage.open('two')
  const three = await stage.hub.client({
    command: [...stage.serena.command, '--project', stage.project],
    env: { ...stage.serena.env, PATH: process.env['PATH'] ?? '' },
    cwd: stage.project,
    name: 'three',
  })
  expect((await one.request('tools/list')).result).toMatchObject({
    tools: [{ name: 'read' }, { name: 'write' }],
  })
  expect((await two.call('write', { text: 'zwei' })).result).toMatchObject({ content: [{ text: 'zwei' }] })
  await three.call('write', { text: 'drei' })
  const status = await stage.hub.status()
  expect(status.httpUrl).toBe(`http://127.0.0.1:${stage.port}/mcp/`)
  expect(status.httpFault).toBeNull()
  expect(stage.serena.starts()).toHaveLength(1)
  expect(status.serenas).toHaveLength(1)
  expect(status.serenas[0]?.clients.map(({ name, pid }) => [name, pid === null])).toEqual([
    ['one', true],
    ['two', true],
    ['three', false],
  ])
})

it('answers requests in parallel that have the same id', async () => {
  const stage = await startUrlStage(scope)
  const client = await stage.open()
  const texts = Array.from({ length: 20 }, (_, at) => `call ${at}`)
  const answers = await Promise.all(texts.map((text) => client.call('read', { text }, 7)))
  expect(answers.map(({ id, result }) => [id, result?.content?.[0]?.text])).toEqual(
    texts.map((text) => [7, text]),
  )
})

it('sends progress, logs and requests of Serena in the response of their call', async () => {
  const stage = await startUrlStage(scope)
  const client = await stage.open()
  const log = { method: 'notifications/message', params: { level: 'info', data: 'x' } }
  const asked = { method: 'elicitation/create', params: { message: 'Sure?' } }
  const response = await client.post(
    call('a', { progress: 2, notify: [log], ask: asked }, { progressToken: 'mine' }),
  )
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const [early, rest] = [response.clone(), response]
  const reader = early.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('elicitation/create')) text += (await reader?.read())?.value ?? ''
  const request = text.split('\n').find((line) => line.includes('elicitation/create')) ?? ''
  const { id } = JSON.parse(request.slice(6)) as { id: unknown }
  const accepted = await client.post({ jsonrpc: '2.0', id, result: { action: 'accept' } })
  expect([accepted.status, await accepted.text()]).toEqual([202, ''])
  void reader?.cancel()
  const messages = await messagesOf(rest)
  expect(messages.slice(0, 3)).toMatchObject([
    { method: 'notifications/progress', params: { progressToken: 'mine', progress: 1 } },
    { method: 'notifications/progress', params: { progressToken: 'mine', progress: 2 } },
    log,
  ])
  expect(messages.at(-1)).toMatchObject({ id: 'a', result: { reply: { result: { action: 'accept' } } } })
})

it('keeps progress apart when two calls use the same token', async () => {
  const stage = await startUrlStage(scope)
  const client = await stage.open()
  const [one, two] = await Promise.all(
    [1, 3].map(async (progress) =>
      messagesOf(await client.post(call(progress, { progress }, { progressToken: 5 }))),
    ),
  )
  expect([one?.length, two?.length]).toEqual([2, 4])
})

it('sends a changed list of tools once, in the event stream, also when that opens later', async () => {
  const stage = await startUrlStage(scope)
  const client = await stage.open()
  const changed = { method: 'notifications/tools/list_changed' }
  await client.call('write', { tools: ['read', 'write', 'new'], notify: [changed] })
  const events = await client.listen()
  await client.call('write', { notify: [changed] })
  expect(await events.next()).toMatchObject(changed)
  events.close()
})

it('never executes a waiting call that was canceled or whose connection was closed', async () => {
  const stage = await startUrlStage(scope)
  const client = await stage.open()
  const running = client.call('write', { gate: 'go', text: 'running' }, 1)
  await stage.serena.gets('running')
  const canceled = client.post(call(2, { text: 'canceled' }))
  const connection = new AbortController()
  const closed = client.post(call(3, { text: 'closed' }), { signal: connection.signal }).catch(() => null)
  await stage.hub.until('both to wait', ({ serenas }) => serenas[0]?.clients[0]?.waiting === 2)
  await client.post(cancel(2))
  connection.abort()
  await stage.hub.until('none to wait', ({ serenas }) => serenas[0]?.clients[0]?.waiting === 0)
  expect(await messagesOf(await canceled)).toEqual([])
  await closed
  stage.serena.open('go')
  await running
  await client.call('write', { text: 'after' })
  expect(stage.serena.executed()).toEqual(['write running', 'write after'])
})

it('ends a session for good when its client deletes it', async () => {
  const stage = await startUrlStage(scope)
  const client = await stage.open()
  expect((await client.end()).status).toBe(200)
  await stage.hub.until('the client to leave', ({ serenas }) =>
    serenas.every(({ clients }) => clients.length === 0),
  )
  const response = await client.post(call(1, {}))
  expect([response.status, await response.json()]).toEqual([
    404,
    { jsonrpc: '2.0', id: 1, error: { code: -32001, message: 'Session not found' } },
  ])
  await stage.restart()
  expect((await client.post(call(1, {}))).status).toBe(404)
})

it('continues the sessions of a hub that was killed, in the project that they have activated', async () => {
  const stage = await startUrlStage(scope, { script: { tools: ['read', 'write', 'activate_project'] } })
  const stays = await stage.open('stays')
  const moves = await stage.open('moves')
  const other = await makeTempFolder(scope, 'other')
  await stays.call('read')
  await moves.call('activate_project', { project: other })
  await stage.restart()
  const answers = await Promise.all(
    [1, 2, 3].flatMap((id) => [stays, moves].map((one) => one.call('read', {}, id))),
  )
  expect(answers.map(({ result }) => result?.isError)).toEqual(answers.map(() => false))
  const { serenas } = await stage.hub.status()
  const found = serenas.map(({ project, clients }) => [project?.path, clients.map(({ name }) => name)])
  expect(found.filter(([, clients]) => clients?.length)).toEqual(
    expect.arrayContaining([
      [stage.project, ['stays']],
      [other, ['moves']],
    ]),
  )
})

it('continues a session that has left because it was not used', async () => {
  const stage = await startUrlStage(scope, { env: { SERENA_DECK_HUB_SESSION_SECONDS: '1' } })
  const client = await stage.open('sleeper')
  await client.call('read')
  await stage.hub.until('it to leave', ({ serenas }) => serenas[0]?.clients.length === 0)
  expect((await client.call('read', { text: 'again' })).result).toMatchObject({
    content: [{ text: 'again' }],
  })
  const status = await stage.hub.status()
  expect(status.serenas[0]?.clients.map(({ name }) => name)).toEqual(['sleeper'])
})

it('refuses session ids that no hub has made, and another URL', async () => {
  const stage = await startUrlStage(scope)
  const client = await stage.open()
  const invented = client.sessionId.replace(/^..../, 'AAAA')
  for (const id of [invented, 'x', 'a'.repeat(32)])
    expect((await stage.post(call(1, {}), { 'mcp-session-id': id })).status).toBe(404)
  const elsewhere = await stage.send(
    { method: 'DELETE', headers: { 'mcp-session-id': invented } },
    stage.url(),
  )
  expect(elsewhere.status).toBe(404)
  expect((await client.call('read')).result?.isError).toBe(false)
})

it('sends comments while a call runs, and answers an error when the hub is stopped meanwhile', async () => {
  const stage = await startUrlStage(scope, { env: { SERENA_DECK_HUB_STALL_SECONDS: '1' } })
  const client = await stage.open()
  const response = await client.post(call(1, { gate: 'never', text: 'long' }))
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes(': keep-alive\n')) text += (await reader?.read())?.value ?? ''
  await stage.hub.control('stop', null)
  while (!text.includes('data: ')) text += (await reader?.read())?.value ?? ''
  expect(text).toContain('"isError":true')
  expect(text).toContain('It may or may not have taken effect')
})

it('closes an event stream that is not read, and forgets its client', async () => {
  const stage = await startUrlStage(scope, {
    env: { SERENA_DECK_HUB_STALL_SECONDS: '2', SERENA_DECK_HUB_SESSION_SECONDS: '3' },
  })
  const client = await stage.open('deaf')
  const socket = connect(stage.port, '127.0.0.1')
  scope.add(() => void socket.destroy())
  const { pathname } = new URL(stage.url())
  const headers = [
    `Host: 127.0.0.1:${stage.port}`,
    `Authorization: Bearer ${stage.token}`,
    `Mcp-Session-Id: ${client.sessionId}`,
    'Accept: text/event-stream',
  ]
  socket.write(`GET ${pathname} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
  await new Promise((resolve) => socket.once('readable', resolve))
  // It reads nothing from here on: what it gets fills the buffers of the kernel first.
  const big = { method: 'notifications/resources/updated', params: { uri: 'x'.repeat(2_000_000) } }
  const other = await stage.open('other')
  await other.call('read', { notify: [big, big, big, big] })
  const names = await waitUntil(
    'the client to be forgotten',
    async () => {
      const { serenas } = await stage.hub.status()
      const all = serenas.flatMap(({ clients }) => clients.map(({ name }) => name))
      return !all.includes('deaf') && all
    },
    { timeoutMs: 20_000 },
  )
  expect(names).not.toContain('deaf')
})
