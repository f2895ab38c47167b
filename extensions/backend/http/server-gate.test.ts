// The threat table against a real server on a real socket.
import { describe, expect, it } from 'vitest'
import { routes } from '#contract/routes'
import { ask, bearer, JSON_TYPE, own, post, raw, send, serverPerTest, start, the } from './server.fixture.ts'

serverPerTest()

describe('a web page in the browser', () => {
  it('accepts the page of the backend', async () => {
    const { status, body } = await ask('GET', '/api/instances', bearer())
    expect(status).toBe(200)
    expect(body).toContain('"schema":1')
    expect((await ask('GET', '/api/instances', bearer(), `Origin: http://${own()}`)).status).toBe(200)
    expect((await ask('GET', '/api/instances', bearer(), 'Sec-Fetch-Site: same-origin')).status).toBe(200)
    expect((await ask('GET', '/api/instances', `Host: localhost:${the.server.port}`, bearer())).status).toBe(
      200,
    )
  })

  it('refuses every Host but our own two', async () => {
    const port = the.server.port
    for (const host of [
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `127.0.0.1:${port}@evil.example`,
      `localhost.:${port}`,
      `127.1:${port}`,
      `0.0.0.0:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      '127.0.0.1',
      'localhost',
      `127.0.0.1:${port + 1}`,
      `LOCALHOST:${port}`,
      `[::1]:${port}`,
      '',
    ]) {
      const { status, body } = await ask('GET', '/api/instances', `Host: ${host}`, bearer())
      expect([host, status]).toEqual([host, 403])
      expect(body).not.toContain('instances')
    }
  })

  it('refuses two Host headers, and none', async () => {
    const evil = 'Host: evil.example'
    expect((await ask('GET', '/', `Host: ${own()}`, evil)).status).toBe(400)
    expect((await ask('GET', '/', evil, `Host: ${own()}`)).status).toBe(400)
    expect((await raw(`GET / HTTP/1.0\r\n\r\n`)).status).toBe(400)
    expect((await raw(`GET / HTTP/1.1\r\nConnection: close\r\n\r\n`)).status).toBe(400)
  })

  it('refuses odd targets and methods, and closes the connection', async () => {
    const stays = 'Connection: keep-alive'
    for (const target of [
      'http://evil/api',
      '//evil/x',
      '/a#../b',
      '/a\\..\\b',
      '/../x',
      '/a/./b',
      '/%2e%2e/x',
      '/a%2fb',
      '/a%00',
      '*',
    ]) {
      const method = target === '*' ? 'OPTIONS' : 'GET'
      const { status, isClosed } = await ask(method, target, bearer(), stays)
      expect([target, status, isClosed]).toEqual([target, 400, true])
    }
    expect(await ask('TRACE', '/', stays)).toMatchObject({ status: 405, isClosed: true })
    for (const target of ['evil.example:443', own(), '/'])
      expect(await ask('CONNECT', target, stays)).toMatchObject({ status: 405, body: '', isClosed: true })
  })

  it('an unknown path is a plain page for a browser, JSON for all others, behind the same gate', async () => {
    const html = 'Accept: text/html,application/xhtml+xml,*/*;q=0.8'
    const shown = await ask('GET', '/nope', html)
    expect(shown.status).toBe(404)
    expect(shown.head).toContain('content-type: text/html; charset=utf-8')
    expect(shown.head).toContain("content-security-policy: default-src 'none'")
    expect(shown.body).toContain('<a href="/">')
    expect(shown.body).not.toContain('nope')
    for (const accept of ['Accept: */*', 'Accept: application/json']) {
      const { status, body } = await ask('GET', '/nope', accept)
      expect(status).toBe(404)
      expect(body).toContain('{"error":{"code":"not-found"')
    }
    expect((await ask('GET', '/api/nope', html)).body).toContain('unauthorized')
    expect((await ask('GET', '/nope', html, 'Origin: http://evil.example')).status).toBe(403)
  })

  it('refuses what a plain form can send, to every route', async () => {
    const plain = 'Content-Type: text/plain'
    const forms = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']
    for (const { method, path, access } of Object.values(routes)) {
      if (method === 'GET') continue
      const status = async (...headers: string[]): Promise<number> =>
        (await send(method, path.replace(/:\w+/g, 'x'), '{}', ...headers)).status
      const statuses = [
        await status(plain, 'Origin: https://evil.example'),
        await status(plain),
        await status(plain, bearer()),
        ...(await Promise.all(forms.map((type) => status(`Content-Type: ${type}`, bearer())))),
        await status(bearer()),
      ]
      const refused = access === 'open' ? 415 : 401
      expect([method, path, ...statuses]).toEqual([method, path, 403, refused, 415, 415, 415, 415])
    }
    expect(the.calls).toEqual([])
  })

  it('refuses every Origin but our own', async () => {
    for (const origin of [
      'null',
      'http://127.0.0.1:24282',
      'http://localhost:5173',
      `https://${own()}`,
      `http://${own()}.evil.example`,
      `HTTP://${own()}`,
      `http://${own()}, http://evil.example`,
      `http://localhost:${the.server.port}`,
      `http://${own()}/`,
      '',
    ])
      for (const target of ['/api/instances', '/api/events', '/', '/assets/app-1.js', '/mcp']) {
        const { status } = await ask('GET', target, bearer(), `Origin: ${origin}`)
        expect([origin, target, status]).toEqual([origin, target, 403])
      }
    const twice = [`Origin: http://${own()}`, 'Origin: http://evil.example']
    expect((await ask('GET', '/api/instances', bearer(), ...twice)).status).toBe(403)
  })

  it('refuses requests by tags of other pages, but allows a link to the page itself', async () => {
    for (const site of ['cross-site', 'same-site']) {
      for (const target of ['/api/instances', '/assets/app-1.js', '/'])
        expect((await ask('GET', target, bearer(), `Sec-Fetch-Site: ${site}`)).status).toBe(403)
      const link = [`Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
      expect((await ask('GET', '/', ...link)).status).toBe(200)
      expect((await ask('GET', '/api/instances', bearer(), ...link)).status).toBe(403)
      const frame = [`Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe']
      expect((await ask('GET', '/', ...frame)).status).toBe(403)
    }
  })

  it('answers no preflight', async () => {
    const { status, head } = await ask(
      'OPTIONS',
      '/api/sweep',
      'Origin: https://evil.example',
      'Access-Control-Request-Method: PUT',
      'Access-Control-Request-Private-Network: true',
    )
    expect(status).toBe(403)
    expect(head.toLowerCase()).not.toContain('access-control')
  })

  it('changes nothing by GET or HEAD', async () => {
    for (const { method, path } of Object.values(routes).filter((route) => route.method !== 'GET'))
      for (const wrong of ['GET', 'HEAD', method === 'POST' ? 'PUT' : 'POST']) {
        // Some paths are read by GET as well.
        const asked = wrong === 'HEAD' ? 'GET' : wrong
        if (Object.values(routes).some((route) => route.path === path && route.method === asked)) continue
        const { status } = await ask(wrong, path.replace(/:\w+/g, 'x'), bearer(), 'Content-Length: 0')
        expect([path, wrong, status]).toEqual([path, wrong, 405])
      }
    expect(the.calls).toEqual([])
  })

  it('sends the security headers with every response, errors included', async () => {
    const answers = await Promise.all([
      ask('GET', '/'),
      ask('GET', '/assets/app-1.js'),
      ask('GET', '/api/instances', bearer()),
      ask('GET', '/api/instances'),
      ask('GET', '/no', bearer()),
    ])
    for (const { head } of answers) {
      const lower = head.toLowerCase()
      expect(lower).toContain(
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      )
      expect(lower).not.toContain('unsafe')
      for (const line of [
        'x-content-type-options: nosniff',
        'x-frame-options: deny',
        'cross-origin-opener-policy: same-origin',
        'cross-origin-resource-policy: same-origin',
      ])
        expect(lower).toContain(line)
      expect(lower).not.toContain('access-control')
    }
  })

  it('accepts no token in the address', async () => {
    expect((await ask('GET', '/api/events')).status).toBe(401)
    expect((await ask('GET', `/api/events?token=${the.sessions.token}`)).status).toBe(401)
    expect((await ask('GET', `/api/instances?access_token=${the.sessions.token}`)).status).toBe(401)
  })

  it('refuses every upgrade, and passes none of its data on', async () => {
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade']
    for (const path of ['/', '/assets/app-1.js', '/api/events', '/api/instances/x/overview', '/mcp', '/nope'])
      for (const method of ['GET', 'POST'])
        for (const credentials of [[], [bearer()]]) {
          const { status, body, isClosed } = await ask(method, path, ...upgrade, ...credentials)
          expect([path, status, body, isClosed]).toEqual([path, 426, '', true])
        }
    expect([the.calls, the.stream.counts().readers]).toEqual([[], 0])
    await ask('GET', '/api/instances/x/overview', bearer())
    expect(the.calls).toEqual(['dashboards.overview'])
  })

  it('limits wrong tokens, and always accepts the right one', async () => {
    for (const credentials of [
      '',
      'x',
      'Bearer',
      'Bearer ',
      'Bearer undefined',
      `Bearer ${'x'.repeat(8_000)}`,
      `bearer ${the.sessions.token}`,
      `Basic ${the.sessions.token}`,
    ])
      expect((await ask('GET', '/api/instances', `Authorization: ${credentials}`)).status).toBe(401)
    expect((await ask('GET', '/api/instances', bearer(), bearer())).status).toBe(400)
    const statuses: number[] = []
    for (let i = 0; i < 200; i++)
      statuses.push((await ask('GET', '/api/instances', `Authorization: Bearer guess${i}`)).status)
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
    expect((await ask('GET', '/api/instances', bearer())).status).toBe(200)
    the.clockMs += 61_000
    expect((await ask('GET', '/api/instances', 'Authorization: Bearer x')).status).toBe(401)
  })

  it('refuses the token of an earlier start', async () => {
    const before = bearer()
    await the.server.close()
    await start()
    expect((await ask('GET', '/api/instances', before)).status).toBe(401)
  })

  it('accepts a nonce once, within a minute', async () => {
    const open = async (nonce: string) => post('/api/session', JSON.stringify({ nonce }), JSON_TYPE)
    const nonce = the.sessions.issueNonce()
    const first = await open(nonce)
    expect(first.status).toBe(200)
    expect(first.body).toContain(the.sessions.token)
    expect((await open(nonce)).status).toBe(401)
    const late = the.sessions.issueNonce()
    the.clockMs += 60_001
    expect((await open(late)).status).toBe(401)
    expect((await open('')).status).toBe(401)
    expect((await post('/api/session', '{"nonce":5}', JSON_TYPE)).status).toBe(400)
    expect((await post('/api/session', '{', JSON_TYPE)).status).toBe(400)
  })

  it('reveals nothing without credentials', async () => {
    const nonce = the.sessions.issueNonce()
    const answers = await Promise.all(
      ['/', '/assets/app-1.js', '/api/identity?challenge=' + 'a'.repeat(64), '/metrics', '/api/nothing'].map(
        (path) => ask('GET', path),
      ),
    )
    for (const { head, body } of answers) {
      expect(head + body).not.toContain(the.sessions.token)
      expect(head + body).not.toContain(nonce)
    }
    expect(answers.slice(3).map(({ status }) => status)).toEqual([401, 401])
  })
})
