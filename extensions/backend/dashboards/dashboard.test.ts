// A dashboard may be any program: rows N41 to N48 of docs/dev/threats.md, and servers that hang, drip, refuse and disconnect.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createLimit } from '../lib/limit.ts'
import { createDashboard, type Dashboard } from './dashboard.ts'
import { createDashboards } from './dashboards.ts'
import { targetAt } from './target.fixture.ts'

const FAST = { probeMs: 150, callMs: 250, overviewMs: 2_000 }
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port, seen }
}

function connect(port: number, limits = FAST): Dashboard {
  const dashboard = createDashboard({
    target: targetAt(port),
    now: () => performance.now(),
    limit: createLimit(8),
    limits,
  })
  closers.push(() => dashboard.close())
  return dashboard
}

const json =
  (value: unknown, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    response.end(typeof value === 'string' ? value : JSON.stringify(value))
  }
/** As a stopped process or a sleeping machine: longer than a probe may take. */
const pauseThisProcess = (): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FAST.probeMs + 400)
const LOG = { messages: ['INFO x'], max_idx: 0, active_project: 'shop' }

describe('a hostile dashboard', () => {
  test.each([
    ['a list', { messages: Array(3_500_000).fill(1), max_idx: 3 }],
    ['keys', Object.fromEntries(Array.from({ length: 500_000 }, (_, i) => [`k${i}`, 1]))],
  ])('rejects millions of values in %s at once', async (_, value) => {
    const { port } = await serve(json(JSON.stringify(value)))
    const dashboard = connect(port, { probeMs: 5_000, callMs: 5_000, overviewMs: 5_000 })
    await dashboard.poll()
    await expect(dashboard.overview()).rejects.toMatchObject({
      message: expect.stringContaining('too many values') as string,
    })
  })

  test.each([301, 302, 307, 308])('does not follow a %i', async (status) => {
    const target = await serve(json(LOG))
    const { port } = await serve((_, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${target.port}/get_log_messages` })
      response.end()
    })
    await expect(connect(port).logs(0)).rejects.toMatchObject({
      code: 'dashboard-nonsense',
      message: expect.stringContaining('it redirects') as string,
    })
    expect(target.seen).toEqual([])
  })

  test('does not decompress a body, and stops an endless one at 8 MiB', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 32))
    const packed = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity')
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(bomb)
    })
    await expect(connect(packed.port).logs(0)).rejects.toMatchObject({ code: 'dashboard-nonsense' })

    let sent = 0
    const endless = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const piece = Buffer.alloc(256 * 1024, 32)
      const more = (): void => {
        while (!response.destroyed && response.write(piece)) sent += piece.length
      }
      response.on('drain', more)
      more()
    })
    const patient = { ...FAST, callMs: 10_000 }
    await expect(connect(endless.port, patient).logs(0)).rejects.toMatchObject({
      code: 'dashboard-too-large',
    })
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('refuses deep nesting before it is parsed', async () => {
    const { port } = await serve(json(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))
    await expect(connect(port).logs(0)).rejects.toMatchObject({
      message: expect.stringContaining('nested too deeply') as string,
    })
  })

  test('poisoned keys have no effect', async () => {
    const stats =
      '{"stats":{"__proto__":{"num_times_called":1,"input_tokens":1,"output_tokens":1},"constructor":{"num_times_called":2,"input_tokens":1,"output_tokens":1}}}'
    const { port } = await serve((request, response) =>
      request.url === '/get_tool_stats'
        ? json(stats)(request, response)
        : json({ token_count_estimator_name: 'x' })(request, response),
    )
    const answer = await connect(port).toolStats()
    if (!answer.isAvailable) throw new Error('absent')
    // `__proto__` is dropped; the other is a name in a list, as any.
    const tools = [{ tool: 'constructor', calls: 2, inputTokens: 1, outputTokens: 1 }]
    expect(answer.data).toEqual({ estimator: 'x', tools })
    expect(({} as Record<string, unknown>)['calls']).toBeUndefined()
    expect(Object.getPrototypeOf(answer.data)).toBe(Object.prototype)
  })

  test('refuses a giant header, and forwards no header', async () => {
    const giant = await serve(json(LOG, { 'x-giant': 'x'.repeat(100_000) }))
    await expect(connect(giant.port).logs(0)).rejects.toMatchObject({
      code: expect.stringMatching(/^dashboard-/) as string,
    })
    const html = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'a=b' })
      response.end('<script>alert(1)</script>')
    })
    await expect(connect(html.port).logs(0)).rejects.toMatchObject({ code: 'dashboard-nonsense' })
  })

  test('receives no data of ours', async () => {
    const { port, seen } = await serve(json(LOG))
    await connect(port).logs(3)
    expect(seen[0]?.headers).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      'content-length': '15',
      'content-type': 'application/json',
      host: `127.0.0.1:${port}`,
      connection: expect.any(String) as string,
    })
  })

  test('an answer does not prove a Serena', async () => {
    const { port } = await serve(json({ status: 'alive' }))
    expect(await connect(port).identify()).toMatchObject({
      isSerena: false,
      outcome: { result: 'answered' },
    })
  })
})

describe('a dashboard in trouble', () => {
  test('is reported as silent within the time limit if it never answers', async () => {
    const { port } = await serve(() => undefined)
    const { outcome } = await connect(port).poll()
    expect(outcome.result).toBe('silent')
    expect(outcome.tookMs).toBeLessThan(1_000)
  })

  test('is silent if it sends a body too slowly: the deadline is for the whole response', async () => {
    const { port } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    })
    expect((await connect(port).poll()).outcome.result).toBe('silent')
  })

  test('is silent if it sends headers too slowly', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined) // the reader leaves first
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')
      const timer = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const { outcome } = await connect((server.address() as AddressInfo).port).poll()
    expect(outcome.result).toBe('silent')
    expect(outcome.tookMs).toBeLessThan(1_000)
  })

  test('is asked again, not called silent, if this process was paused past the deadline', async () => {
    const { port, seen } = await serve((request, response) => {
      if (seen.length === 1) pauseThisProcess()
      json(LOG)(request, response)
    })
    const { outcome, status } = await connect(port).poll()
    expect([outcome.result, status?.activeProject, seen.length]).toEqual(['answered', 'shop', 2])
  })

  test('is not judged if this process was paused both times', async () => {
    const { port } = await serve(pauseThisProcess)
    expect((await connect(port).poll()).outcome.result).toBe('unasked')
  })

  test('is refused if no process listens', async () => {
    const { server, port } = await serve(json(LOG))
    server.close()
    expect((await connect(port).heartbeat()).result).toBe('refused')
  })

  test('is refused if it disconnects, and answers again later', async () => {
    let isBroken = true
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined) // the reader leaves first
      const body = JSON.stringify(LOG)
      const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
      socket.once('data', () => socket.end(head + (isBroken ? body.slice(0, 9) : body)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const dashboard = connect((server.address() as AddressInfo).port)
    expect((await dashboard.poll()).outcome.result).toBe('refused')
    isBroken = false
    expect((await dashboard.poll()).status).toEqual({ activeProject: 'shop', logIndex: 0 })
  })

  test('has answered, without a status, if its answer is unknown', async () => {
    const { port } = await serve(json([1, 2]))
    expect(await connect(port).poll()).toMatchObject({ outcome: { result: 'answered' }, status: null })
  })

  test('is sent one overview request at a time, which callers share', async () => {
    const waiting: ServerResponse[] = []
    const { port, seen } = await serve((_, response) => void waiting.push(response))
    const dashboard = connect(port)
    await expect(dashboard.overview()).rejects.toMatchObject({ code: 'dashboard-timeout' })
    await expect(dashboard.overview()).rejects.toMatchObject({ code: 'dashboard-timeout' })
    expect(seen).toHaveLength(1)
    const late = dashboard.overview()
    waiting[0]?.writeHead(200, { 'content-type': 'application/json' })
    waiting[0]?.end('{}')
    await expect(late).resolves.toMatchObject({ isAvailable: true })
  })

  test('is not asked again for a route that it does not have', async () => {
    const { port, seen } = await serve((_, response) => {
      response.writeHead(404)
      response.end()
    })
    const dashboard = connect(port)
    await dashboard.overview()
    expect(await dashboard.overview()).toMatchObject({ isAvailable: false, since: '1.0.0' })
    expect(seen).toHaveLength(1)
  })
})

/** Serena's log route over these lines. */
const serveLog = (lines: readonly string[]) =>
  serve((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      const { start_idx } = JSON.parse(body) as { start_idx: number }
      json({ messages: lines.slice(start_idx), max_idx: lines.length - 1, active_project: null })(
        request,
        response,
      )
    })
  })

describe('a very large log', () => {
  const patient = { ...FAST, callMs: 20_000 }

  test('cuts a giant line, with a note', async () => {
    const { port } = await serveLog(['INFO a', `INFO ${'x'.repeat(5_000_000)}`])
    const answer = await connect(port, patient).logs(0)
    if (!answer.isAvailable) throw new Error('absent')
    expect(answer.data.lines[1]?.length).toBeLessThan(17_000)
    expect(answer.data.lines[1]).toMatch(/… \(\d+ more characters are in the log file\)$/)
  })

  test('returns the newest lines that fit, and counts the others', async () => {
    const lines = Array.from({ length: 2_500 }, (_, at) => `INFO ${at} ${'x'.repeat(10_000)}`)
    const { port } = await serveLog(lines)
    const answer = await connect(port, patient).logs(0)
    expect(answer).toMatchObject({ data: { from: 2_250, next: 2_500, missed: 2_250 } })
    const giants = await serveLog(['INFO a', `INFO ${'x'.repeat(9_000_000)}`])
    expect(await connect(giants.port, patient).logs(0)).toMatchObject({
      data: { from: 2, next: 2, missed: 2, lines: [] },
    })
  })
})

test('hung dashboards have at most eight probes in flight', async () => {
  let open = 0
  let most = 0
  const { port } = await serve((_, response) => {
    open++
    most = Math.max(most, open)
    response.on('close', () => open--)
  })
  const dashboards = createDashboards({ now: () => performance.now(), limits: FAST })
  closers.push(() => dashboards.close())
  const looks = Array.from({ length: 24 }, () => dashboards.connect(targetAt(port)).poll())
  expect((await Promise.all(looks)).every(({ outcome }) => outcome.result === 'silent')).toBe(true)
  expect(most).toBeLessThanOrEqual(8)
  expect(most).toBeGreaterThan(4)
})
