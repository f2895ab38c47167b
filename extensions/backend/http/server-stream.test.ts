// Input and event stream on a real server.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InstanceChanges } from '#contract/events'
import {
  ask,
  bearer,
  FAST,
  JSON_TYPE,
  own,
  post,
  raw,
  SHARES,
  send,
  serverPerTest,
  start,
  the,
} from './server.fixture.ts'

serverPerTest()

describe('input', () => {
  it('is refused with a sentence that repeats none of it', async () => {
    const evil = '<script>evil</script>'
    const { status, body } = await post('/api/session', JSON.stringify({ nonce: [evil] }), JSON_TYPE)
    expect(status).toBe(400)
    expect(body).not.toContain('evil')
    expect((await ask('GET', '/api/instances/x/logs?from=-1', bearer())).status).toBe(400)
    expect((await ask('GET', '/api/instances/x/logs?to=1', bearer())).status).toBe(400)
    expect((await ask('GET', '/api/instances/x/logs?from=1&from=2', bearer())).status).toBe(400)
    expect((await ask('GET', '/api/identity?challenge=xyz')).status).toBe(400)
    expect((await ask('GET', '/nothing', bearer())).status).toBe(404)
  })

  it('of any kind is refused, and the server keeps running', async () => {
    const bodies = fc.sample(fc.oneof(fc.json(), fc.string()), 60)
    for (const body of bodies) {
      const { status } = await post('/api/session', body, JSON_TYPE)
      // 429: so many wrong nonces are guessing.
      expect([400, 401, 429], body).toContain(status)
    }
    expect((await ask('GET', '/api/instances', bearer())).status).toBe(200)
    expect(the.faults).toEqual([])
  })

  it('is limited in size', async () => {
    const { status } = await post('/api/session', JSON.stringify({ nonce: 'x'.repeat(1_100_000) }), JSON_TYPE)
    expect(status).toBe(413)
  })

  it('is limited however it is sent, and without a token to the size of a nonce', async () => {
    const chunked = (target: string, body: string, ...headers: string[]) =>
      raw(
        [
          `POST ${target} HTTP/1.1`,
          `Host: ${own()}`,
          'Connection: close',
          'Transfer-Encoding: chunked',
          JSON_TYPE,
          ...headers,
          '',
          `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
        ].join('\r\n'),
      )
    expect((await chunked('/api/session', JSON.stringify({ nonce: the.sessions.issueNonce() }))).status).toBe(
      200,
    )
    expect((await chunked('/api/session', JSON.stringify({ nonce: 'x'.repeat(5_000) }))).status).toBe(413)
    const ids = (length: number): string => JSON.stringify({ ids: ['x'.repeat(length)] })
    expect((await chunked('/api/ending/plan', ids(1_100_000), bearer())).status).toBe(413)
    expect((await post('/api/session', JSON.stringify({ nonce: 'x'.repeat(5_000) }), JSON_TYPE)).status).toBe(
      413,
    )
    // As `curl -X POST` says it: no body, and no length of one.
    expect((await ask('POST', '/api/sweep', JSON_TYPE, bearer())).status).toBe(200)
    expect(the.faults).toEqual([])
  })

  it('that breaks off is not reported as an internal error', async () => {
    for (const length of ['Content-Length: 20', 'Transfer-Encoding: chunked']) {
      const socket = connect(the.server.port, '127.0.0.1')
      the.sockets.push(socket)
      socket.write(
        `POST /api/session HTTP/1.1\r\nHost: ${own()}\r\n${JSON_TYPE}\r\n${length}\r\n\r\n5\r\n{"non`,
      )
      await ask('GET', '/')
      socket.resetAndDestroy()
    }
    await ask('GET', '/')
    await ask('GET', '/')
    expect(the.faults).toEqual([])
  })

  it('that triggers a bug keeps the server running and reveals nothing about it', async () => {
    const { status, body } = await ask('GET', '/api/instances/boom/stats', bearer())
    expect(status).toBe(500)
    expect(body).not.toContain('secret')
    expect(the.faults).toHaveLength(1)
    expect((await ask('GET', '/api/instances', bearer())).status).toBe(200)
  })

  it('that is missing or too late closes the connection, even if the client never closes its end', async () => {
    await the.server.close()
    await start(FAST)
    for (const text of [
      'no HTTP\r\n\r\n',
      '',
      `POST /api/session HTTP/1.1\r\nHost: ${own()}\r\nContent-Length: 9\r\n\r\n`,
    ]) {
      const socket = connect({ host: '127.0.0.1', port: the.server.port, allowHalfOpen: true })
      the.sockets.push(socket)
      socket.on('error', () => undefined) // the reset is expected
      socket.resume().write(text)
      await once(socket, 'end')
      // Data on a closed connection is answered by a reset.
      const more = setInterval(() => socket.write('x'), 100)
      await expect.poll(() => socket.destroyed, { timeout: 3_000 }).toBe(true)
      clearInterval(more)
    }
  })

  it('is read from a limited number of connections without a token, and from each new one', async () => {
    const sockets = Array.from({ length: SHARES.unproven + 88 }, () => connect(the.server.port, '127.0.0.1'))
    the.sockets.push(...sockets)
    for (const socket of sockets) socket.on('error', () => undefined).resume() // those beyond may be reset
    const closed = (): number => sockets.filter(({ destroyed }) => destroyed).length
    await expect.poll(closed, { timeout: 1_500, interval: 20 }).toBe(88)
    expect((await ask('GET', '/')).status).toBe(200)
    expect((await ask('GET', '/api/instances', bearer())).status).toBe(200)
    // Each took the place of one; the second has that of the first.
    expect(closed()).toBe(89)
  })

  it('is one request at a time: a pipeline is cut after the first', async () => {
    const sweep = [
      'POST /api/sweep HTTP/1.1',
      `Host: ${own()}`,
      bearer(),
      JSON_TYPE,
      'Content-Length: 0',
      '',
      '',
    ]
    await raw(sweep.join('\r\n').repeat(300))
    expect(the.calls).toEqual(['instances.sweep'])
    // One after the other on one connection is as ever.
    const socket = connect(the.server.port, '127.0.0.1')
    the.sockets.push(socket)
    let answers = ''
    socket.on('data', (data) => {
      answers += data.toString()
    })
    for (let i = 1; i <= 3; i++) {
      socket.write(`GET /assets/app-1.js HTTP/1.1\r\nHost: ${own()}\r\n\r\n`)
      await expect.poll(() => answers.match(/export \{\}/g)?.length).toBe(i)
    }
  })

  it.each([
    ['head', (): string => 'GET / HTTP/1.1\r\nX: '],
    [
      'body',
      (): string =>
        `POST /api/session HTTP/1.1\r\nHost: ${own()}\r\n${JSON_TYPE}\r\nContent-Length: 4000\r\n\r\n`,
    ],
  ])('whose %s arrives too slowly is cut', async (_, firstBytes) => {
    await the.server.close()
    await start(FAST)
    const socket = connect(the.server.port, '127.0.0.1')
    the.sockets.push(socket)
    socket.on('error', () => undefined) // the end follows
    let answer = ''
    socket.on('data', (data) => {
      answer += data.toString()
    })
    socket.write(firstBytes())
    const drops = setInterval(() => socket.write('x'), 50)
    await new Promise((resolve) => socket.on('close', resolve))
    clearInterval(drops)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect([the.calls, the.faults]).toEqual([[], []])
  })
})

describe('the event stream', () => {
  const change = (text: string): InstanceChanges => ({
    sweptAt: 'now',
    changed: [],
    removed: [],
    handovers: [],
    notices: [{ id: 'n', level: 'info', text }],
    serenaHomes: null,
  })
  const publish = (text: string): void => {
    for (const subscriber of the.subscribers) subscriber(change(text))
  }
  const open = async (): Promise<{ socket: Socket; text: () => string }> => {
    const socket = connect(the.server.port, '127.0.0.1')
    the.sockets.push(socket)
    let text = ''
    socket.on('data', (data) => {
      text += data.toString()
    })
    socket.on('error', () => undefined) // the end is expected
    socket.write(`GET /api/events HTTP/1.1\r\nHost: ${own()}\r\n${bearer()}\r\n\r\n`)
    await expect.poll(() => text).toContain('"type":"snapshot"')
    return { socket, text: () => text }
  }

  it('says hello, gives the snapshot, then numbered changes', async () => {
    const { text } = await open()
    expect(text()).toMatch(/\r\n\r\n[0-9a-f]+\r\n:\n/)
    expect(text()).toContain('"type":"hello","schema":3,"version":"1.2.3"')
    publish('one')
    publish('two')
    await expect.poll(text).toMatch(/"sequence":1[^]*"sequence":2/)
  })

  it('carries hostile text inside one event', async () => {
    const { text } = await open()
    publish('x\n\nevent: kill\ndata: {}\r\n')
    await expect.poll(text).toContain('event: kill')
    const lines = text().split('\n')
    expect(lines.filter((line) => line.startsWith('event:'))).toEqual([])
    expect(lines.filter((line) => line.startsWith('data:'))).toHaveLength(4)
  })

  it('counts visible pages, and forgets closed ones', async () => {
    const first = await open()
    expect(the.visible.at(-1)).toBe(true)
    const streamId = /"streamId":"([^"]+)"/.exec(first.text())?.[1] ?? ''
    const put = (id: string, isVisible: boolean) =>
      send('PUT', `/api/streams/${id}`, JSON.stringify({ isVisible }), bearer(), JSON_TYPE)
    expect((await put(streamId, false)).body).toContain('"isKnown":true')
    expect(the.visible.at(-1)).toBe(false)
    expect((await put('unknown', true)).body).toContain('"isKnown":false')
    first.socket.destroy()
    await expect.poll(() => the.stream.counts().readers).toBe(0)
  })

  it('drops a reader that does not read, and keeps nothing for it', async () => {
    const { socket } = await open()
    socket.pause()
    const big = 'x'.repeat(64 * 1024)
    for (let i = 0; i < 400 && the.stream.counts().readers > 0; i++) {
      publish(big)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(the.stream.counts()).toEqual({ readers: 0, dropped: 1 })
    await open()
    expect(the.stream.counts().readers).toBe(1)
  })

  it('does not delay the shutdown', async () => {
    await Promise.all([open(), open(), open(), open(), open()])
    the.stream.close()
    await the.server.close()
    await start()
  })
})
