// What the URL of the hub refuses, and what it answers then: JSON, no OAuth metadata, nothing of the request.
import { statSync } from 'node:fs'
import { request } from 'node:http'
import { connect, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { posted, startUrlStage, type UrlStage } from '../helpers/hub-url.ts'
import { createScope } from '../helpers/scope.ts'

const scope = createScope()
let stage: UrlStage
beforeAll(async () => {
  stage = await startUrlStage(scope)
})
afterAll(() => scope.end())

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'gate', version: '1' } },
}

interface Got {
  status: number
  headers: Readonly<Record<string, unknown>>
  body: string
}

/** With exactly these headers beside the token: `fetch` replaces Host and others. */
function get(path: string, headers: Record<string, string | string[]> = {}, method = 'GET'): Promise<Got> {
  const all = { host: `127.0.0.1:${stage.port}`, authorization: `Bearer ${stage.token}`, ...headers }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: stage.port, path, method, headers: all }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end(method === 'POST' ? JSON.stringify(initialize) : undefined)
  })
}

/** Sends bytes; resolves to the first line of the answer. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(stage.port, '127.0.0.1', () => socket.write(text))
    let got = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      got += chunk
    })
    socket.on('close', () => resolve(got.split('\r\n')[0] ?? ''))
    socket.on('error', reject)
  })
}

const mcp = (): string => new URL(stage.url()).pathname

it.each([
  'evil.example',
  '127.0.0.1',
  '127.0.0.1.evil.example:PORT',
  '127.0.0.1:PORT@evil.example',
  'localhost.:PORT',
  '127.1:PORT',
  '0.0.0.0:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '127.0.0.1:1',
])('refuses Host %s', async (host) => {
  const got = await get(mcp(), { host: host.replace('PORT', String(stage.port)) })
  expect([got.status, got.body.includes('evil')]).toEqual([403, false])
})

it('accepts localhost as Host', async () => {
  const headers = { host: `localhost:${stage.port}`, 'content-type': 'application/json' }
  expect((await get(mcp(), headers, 'POST')).status).toBe(200)
})

it('refuses two Host headers, and none', async () => {
  const host = `Host: 127.0.0.1:${stage.port}\r\n`
  expect(
    await raw(`GET ${mcp()} HTTP/1.1\r\n${host}Host: evil.example\r\nConnection: close\r\n\r\n`),
  ).toContain(' 400 ')
  expect(await raw(`GET ${mcp()} HTTP/1.0\r\n\r\n`)).toContain(' 400 ')
})

it.each(['null', 'https://evil.example', 'http://127.0.0.1:PORT', 'http://localhost:24282'])(
  'refuses Origin %s, and sends no CORS header',
  async (origin) => {
    for (const method of ['POST', 'OPTIONS']) {
      const got = await get(mcp(), { origin: origin.replace('PORT', String(stage.port)) }, method)
      expect(got.status).toBe(403)
      expect(Object.keys(got.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  },
)

it('refuses requests that a web page makes without Origin', async () => {
  expect((await get(mcp(), { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
})

it.each([
  ['no token', undefined],
  ['a wrong token', 'Bearer wrong'],
  ['an empty one', 'Bearer '],
  ['a long one', `Bearer ${'a'.repeat(8_000)}`],
  ['the secret of the path as token', 'Bearer SECRET'],
])('answers 401 to %s, without OAuth metadata', async (_, credentials) => {
  const authorization = credentials?.replace('SECRET', stage.pathSecret)
  const response = await fetch(stage.url(), {
    ...posted(initialize, authorization === undefined ? {} : { Authorization: authorization }),
  })
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect(response.headers.get('content-type')).toBe('application/json')
})

it('accepts no token in the query', async () => {
  const response = await fetch(
    `${stage.url()}?token=${stage.token}&access_token=${stage.token}`,
    posted(initialize),
  )
  expect(response.status).toBe(401)
})

it('takes the secret in the path instead of the token', async () => {
  const base = `http://127.0.0.1:${stage.port}/mcp`
  const project = encodeURIComponent(stage.project)
  const response = await fetch(`${base}/${stage.pathSecret}/${project}?context=ide`, posted(initialize))
  expect(response.status).toBe(200)
  const wrong = await fetch(`${base}/${stage.pathSecret.slice(1)}x/${project}`, posted(initialize))
  expect(wrong.status).toBe(401)
})

it.each([
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp/x',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/register',
  '/authorize',
  '/token',
  '/',
  '/favicon.ico',
  '/api/instances',
])('answers 404 with JSON to %s, with and without a token', async (path) => {
  for (const authorization of [`Bearer ${stage.token}`, 'Bearer wrong'])
    for (const method of ['GET', 'POST']) {
      const got = await get(path, { authorization }, method)
      expect([got.status, got.headers['content-type']]).toEqual([404, 'application/json'])
      expect(JSON.parse(got.body)).toEqual({
        jsonrpc: '2.0',
        id: null,
        error: { code: -32000, message: 'Not found' },
      })
    }
})

it.each([
  ['http://evil.example/mcp/x', 400],
  ['//evil.example/x', 400],
  ['/mcp/..%2f..%2fetc', 404],
  ['/mcp/%00', 404],
  ['/mcp/%zz', 404],
  ['/mcp', 404],
  ['/mcp/', 404],
  ['/mcp/a/b/c', 404],
  ['/mcp/a?context=a/b', 400],
])('refuses the target %s', async (path, status) => {
  expect((await get(path, { 'content-type': 'application/json' }, 'POST')).status).toBe(status)
})

it.each(['PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'])('refuses the method %s', async (method) => {
  expect((await get(mcp(), {}, method)).status).toBe(405)
})

it('refuses wrong types, bodies and batches', async () => {
  const statusOf = async (body: string | object, headers: Record<string, string> = {}): Promise<number> =>
    (await stage.post(body, headers)).status
  expect(await statusOf(initialize, { 'content-type': 'text/plain' })).toBe(415)
  expect(await statusOf(initialize, { accept: 'text/html' })).toBe(406)
  expect(await statusOf('{"jsonrpc":"2.0"')).toBe(400)
  expect(await statusOf('[]')).toBe(400)
  expect(await statusOf([initialize])).toBe(400)
  expect(await statusOf({ ...initialize, id: null })).toBe(400)
  expect(await statusOf({ ...initialize, id: 1.5 })).toBe(400)
  expect(await statusOf({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).toBe(400)
  expect(await statusOf('x'.repeat(17 * 1024 * 1024)).catch(() => 413)).toBe(413)
})

it('passes a body of 9 MB', async () => {
  const client = await stage.open()
  const text = 'x'.repeat(9_000_000)
  expect((await client.call('read', { text })).result?.content?.[0]?.text).toHaveLength(text.length)
})

it('passes JSON that has line breaks', async () => {
  const client = await stage.open()
  const message = { jsonrpc: '2.0', id: 'pretty', method: 'tools/list', params: {} }
  const headers = { 'mcp-session-id': client.sessionId }
  const response = await stage.post(JSON.stringify(message, null, 2).replaceAll('\n', '\r\n'), headers)
  expect(await response.json()).toMatchObject({ id: 'pretty' })
})

it('says that a project is unknown', async () => {
  const response = await stage.send(posted(initialize), stage.url('no-such-project'))
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { id: 1, error: { message: expect.stringContaining('Unknown project') as string } },
  ])
})

it('listens on 127.0.0.1 only', async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
  const opened = await Promise.all(
    [...others, '127.0.0.2', '::1'].map(
      (host) =>
        new Promise((resolve) => {
          const socket = connect(stage.port, host, () => resolve(host))
          socket.on('error', () => resolve(null)).on('connect', () => socket.destroy())
        }),
    ),
  )
  expect(opened.filter((host) => host !== null)).toEqual([])
})

it('keeps its token and its sessions from other users', async () => {
  await stage.open()
  const folder = join(stage.hub.stateFolder, 'hub')
  const modes = ['http-token', 'http-sessions.json'].map((name) => statSync(join(folder, name)).mode & 0o777)
  expect([statSync(folder).mode & 0o777, ...modes]).toEqual([0o700, 0o600, 0o600])
})

it('names a port that another program uses, serves its socket, and takes the port when it is free', async () => {
  const own = createScope()
  let other: Server | undefined
  try {
    const taken = await startUrlStage(own, {
      prepare: ({ port }) =>
        new Promise((resolve) => {
          other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1', () => resolve())
        }),
    })
    const status = await taken.hub.status()
    expect([status.httpUrl, status.httpFault]).toEqual([
      null,
      `Port ${taken.port} is used by another program: the URL of the hub is off. Stop that program, or set hubHttpPort.`,
    ])
    expect(taken.hub.log()).toContain(status.httpFault)
    const client = await taken.hub.client({
      command: [...taken.serena.command, '--project', taken.project],
      env: { ...taken.serena.env, PATH: process.env['PATH'] ?? '' },
      cwd: taken.project,
      name: 'socket',
    })
    expect((await client.call('read', { text: 'works' })).result?.content?.[0]?.text).toBe('works')
    other?.close()
    await taken.hub.until('the URL', ({ httpUrl }) => httpUrl)
    expect((await taken.hub.status()).httpFault).toBeNull()
  } finally {
    other?.close()
    await own.end()
  }
})
