// The hub at its URL, for clients of the protocol from 2026-07-28 on: no sessions, each request says everything.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { answerOf, readEvents, startUrlStage, type UrlStage } from '../helpers/hub-url.ts'
import { createScope, type Scope } from '../helpers/scope.ts'

let scope: Scope
beforeEach(() => {
  scope = createScope()
})
afterEach(() => scope.end())

const VERSION = '2026-07-28'
const KEY = 'io.modelcontextprotocol/'
const meta = (name = 'modern', version = VERSION) => ({
  [`${KEY}protocolVersion`]: version,
  [`${KEY}clientInfo`]: { name, version: '1' },
  [`${KEY}clientCapabilities`]: {},
})

function ask(
  stage: UrlStage,
  method: string,
  params: Record<string, unknown> = {},
  { id = 1, headers = {} }: { id?: number | string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const name = typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {}
  const standard = { 'mcp-protocol-version': VERSION, 'mcp-method': method, ...name }
  const message = { jsonrpc: '2.0', id, method, params: { _meta: meta(), ...params } }
  return stage.post(message, { ...standard, ...headers })
}

it('serves discovery, lists and calls without a session', async () => {
  const stage = await startUrlStage(scope)
  const discovered = await ask(stage, 'server/discover', {}, { id: 'd' })
  expect([discovered.status, discovered.headers.get('mcp-session-id')]).toEqual([200, null])
  const serverInfo = { [`${KEY}serverInfo`]: { name: 'Serena', version: '2.1.0' } }
  expect(await discovered.json()).toEqual({
    jsonrpc: '2.0',
    id: 'd',
    result: {
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      supportedVersions: [VERSION],
      capabilities: { tools: {} },
      _meta: serverInfo,
    },
  })
  expect(await (await ask(stage, 'tools/list')).json()).toMatchObject({
    id: 1,
    result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private', _meta: serverInfo, tools: [{}, {}] },
  })
  const called = await ask(stage, 'tools/call', { name: 'write', arguments: { text: 'ü' } })
  expect(await called.json()).toMatchObject({
    result: { resultType: 'complete', content: [{ type: 'text', text: 'ü' }], isError: false },
  })
})

it('passes to Serena what belongs to the call, and nothing of the envelope', async () => {
  const stage = await startUrlStage(scope)
  const traced = { ...meta(), traceparent: '00-1-2-01', progressToken: 'p' }
  await (await ask(stage, 'tools/call', { name: 'write', _meta: traced, arguments: { text: 'seen' } })).text()
  const line = stage.serena.lines().find((one) => one.includes('"seen"')) ?? ''
  expect(JSON.parse(line)).toMatchObject({ params: { _meta: { traceparent: '00-1-2-01' } } })
  expect(line).not.toContain(KEY)
})

it('is one client of the hub per name, however many requests run at once', async () => {
  const stage = await startUrlStage(scope)
  const texts = Array.from({ length: 12 }, (_, at) => `call ${at}`)
  const answers = await Promise.all(
    texts.map(async (text, at) => {
      const _meta = meta(at % 2 === 0 ? 'even' : 'odd')
      return answerOf(await ask(stage, 'tools/call', { name: 'read', arguments: { text }, _meta }))
    }),
  )
  expect(answers.map(({ id, result }) => [id, result?.content?.[0]?.text])).toEqual(
    texts.map((text) => [1, text]),
  )
  const { serenas } = await stage.hub.status()
  expect(serenas.map(({ clients }) => clients.map(({ name, pid }) => [name, pid]).toSorted())).toEqual([
    [
      ['even', null],
      ['odd', null],
    ],
  ])
})

it.each<[string, Record<string, string | undefined>, object, number, number]>([
  ['no version header', { 'mcp-protocol-version': undefined }, {}, 400, -32020],
  ['another version in the header', { 'mcp-protocol-version': '2025-11-25' }, {}, 400, -32020],
  ['no method header', { 'mcp-method': undefined }, {}, 400, -32020],
  ['another method in the header', { 'mcp-method': 'TOOLS/CALL' }, {}, 400, -32020],
  ['no name header', { 'mcp-name': undefined }, {}, 400, -32020],
  ['another name in the header', { 'mcp-name': 'read' }, {}, 400, -32020],
  ['a name that is not valid Base64', { 'mcp-name': '=?base64?%%%?=' }, {}, 400, -32020],
  [
    'a later version',
    { 'mcp-protocol-version': '2027-01-01' },
    { _meta: meta('x', '2027-01-01') },
    400,
    -32022,
  ],
  ['no _meta', {}, { _meta: undefined }, 400, -32602],
  ['no capabilities', {}, { _meta: { [`${KEY}protocolVersion`]: VERSION } }, 400, -32602],
])('refuses a call with %s', async (_, headers, params, status, code) => {
  const stage = await refusing()
  const all = { 'mcp-protocol-version': VERSION, 'mcp-method': 'tools/call', 'mcp-name': 'write', ...headers }
  const sent = Object.fromEntries(
    Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined),
  )
  const message = {
    jsonrpc: '2.0',
    id: 'x',
    method: 'tools/call',
    params: { _meta: meta(), name: 'write', ...params },
  }
  const response = await stage.post(message, sent)
  expect([response.status, await response.json()]).toMatchObject([status, { id: 'x', error: { code } }])
})

/** One stage for all that is refused before it reaches a Serena. */
let shared: Promise<UrlStage> | null = null
const sharedScope = createScope()
const refusing = (): Promise<UrlStage> => (shared ??= startUrlStage(sharedScope))
it.each(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'no/such'])(
  'answers 404 with -32601 to %s',
  async (method) => {
    const stage = await refusing()
    const response = await ask(stage, method, {}, { id: 9 })
    expect([response.status, await response.json()]).toMatchObject([404, { id: 9, error: { code: -32601 } }])
  },
)

it('names the versions that it supports', async () => {
  const stage = await refusing()
  const response = await ask(
    stage,
    'tools/list',
    { _meta: meta('x', '2027-01-01') },
    { headers: { 'mcp-protocol-version': '2027-01-01' } },
  )
  expect(await response.json()).toMatchObject({
    error: { data: { supported: [VERSION], requested: '2027-01-01' } },
  })
  await sharedScope.end()
})

it('accepts a name in Base64', async () => {
  const stage = await startUrlStage(scope)
  const name = `=?base64?${Buffer.from('write').toString('base64')}?=`
  const response = await ask(stage, 'tools/call', { name: 'write' }, { headers: { 'mcp-name': name } })
  expect(response.status).toBe(200)
})

it('sends what a subscription asks for, marked with its id', async () => {
  const stage = await startUrlStage(scope, { script: { capabilities: { tools: { listChanged: true } } } })
  const response = await ask(
    stage,
    'subscriptions/listen',
    { notifications: { toolsListChanged: true, promptsListChanged: true } },
    { id: 'sub' },
  )
  const events = readEvents(response)
  const mark = { [`${KEY}subscriptionId`]: 'sub' }
  expect(await events.next()).toEqual({
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { _meta: mark, notifications: { toolsListChanged: true } },
  })
  const notify = [
    { method: 'notifications/prompts/list_changed' },
    { method: 'notifications/tools/list_changed' },
  ]
  await (
    await ask(stage, 'tools/call', { name: 'write', arguments: { tools: ['read', 'new'], notify } })
  ).text()
  expect(await events.next()).toEqual({
    jsonrpc: '2.0',
    method: 'notifications/tools/list_changed',
    params: { _meta: mark },
  })
  events.close()
})

it('answers GET and DELETE without a session as methods that do not exist', async () => {
  const stage = await startUrlStage(scope)
  const headers = { accept: 'text/event-stream', 'mcp-protocol-version': VERSION }
  const listened = await stage.send({ headers })
  expect([listened.status, listened.headers.get('allow')]).toEqual([405, 'POST'])
})
