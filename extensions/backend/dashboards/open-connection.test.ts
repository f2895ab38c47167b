// A request that changes something is written only once the process which was meant has the other end of the connection: real
// processes, real sockets, and servers that count every byte.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import type { AppError } from '#contract/errors'
import { createProcessSource } from '../os/platform-source.ts'
import { createActions } from './actions.ts'
import type { DashboardTarget } from './dashboard-facts.ts'
import { createDashboards } from './dashboards.ts'
import { isNotSent } from './open-connection.ts'
import { targetAt } from './target.fixture.ts'
import { createTransport, type Exchange, type Transport } from './transport.ts'

const source = createProcessSource()
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function factOf(pid: number): Promise<NonNullable<DashboardTarget['owner']>> {
  const fact = (await source.list()).byPid.get(pid)
  if (!fact) throw new Error(`no process ${pid}`)
  return fact
}

const BODY = '{"status":"success"}'
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`

/** A server in this process that answers everything and keeps what it was sent. */
async function serve(
  address = '127.0.0.1',
): Promise<{ server: Server; port: number; connections: () => number; received: () => string }> {
  let connections = 0
  let received = ''
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      received += String(data)
      socket.end(ANSWER)
    })
  })
  server.listen(0, address)
  await once(server, 'listening')
  closers.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return { server, port, connections: () => connections, received: () => received }
}

/** A process that runs and has nothing to do with any of it. */
async function startOther(): Promise<NonNullable<DashboardTarget['owner']>> {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' })
  closers.push(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  return factOf(child.pid ?? 0)
}

function transportTo(target: DashboardTarget): Transport {
  const transport = createTransport(target, source.ownsConnection)
  closers.push(() => transport.close())
  return transport
}

const proven = (transport: Transport) => (exchange: Exchange) =>
  transport.exchange({ ...exchange, isProven: true })
const failureOf = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => Promise.reject(new Error('it was sent')),
    (error: unknown) => error as AppError,
  )

describe.skipIf(process.platform !== 'linux')('a change', () => {
  it('reaches the expected process by its own address', async () => {
    const { port, received } = await serve('127.0.0.2')
    const target = { ...targetAt(port, '127.0.0.2'), owner: await factOf(process.pid) }
    await createActions(proven(transportTo(target))).saveMemory('notes', 'text')
    expect(received()).toMatch(/^POST \/save_memory HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/i)
  })

  it('sends no byte if another process took the port after the proof', async () => {
    const stranger = await serve()
    const owner = await startOther()
    const actions = createActions(proven(transportTo({ ...targetAt(stranger.port), owner })))
    const changes = [
      actions.shutdown(),
      actions.clearLogs(),
      actions.saveMemory('notes', 'text'),
      actions.saveConfiguration('projects: []'),
      actions.cancelExecution(1),
      actions.readConfiguration(),
    ]
    for (const error of await Promise.all(changes.map(failureOf))) {
      expect([error.code, isNotSent(error)]).toEqual(['instance-replaced', true])
    }
    expect([stranger.connections(), stranger.received()]).toEqual([changes.length, ''])
  })

  it('sends nothing if the pid was reused or cannot be read', async () => {
    const { port, received } = await serve()
    const before = { ...(await factOf(process.pid)), identity: 'boot:0:1' }
    for (const owner of [before, null]) {
      const { shutdown } = createActions(proven(transportTo({ ...targetAt(port), owner })))
      expect((await failureOf(shutdown())).code).toBe('instance-replaced')
    }
    expect(received()).toBe('')
  })

  it('waits for a server that accepts late, and sends once', async () => {
    const script = `import socket, sys
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(5)
print(server.getsockname()[1], flush=True)
sys.stdin.readline()
connection, _ = server.accept()
print(connection.recv(4096).split(b'\\r\\n')[0].decode(), flush=True)
connection.sendall(sys.argv[1].encode())
connection.close()`
    const child = spawn('python3', ['-c', script, ANSWER], { stdio: ['pipe', 'pipe', 'inherit'] })
    closers.push(() => child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })
    const line = async (): Promise<string> => ((await once(lines, 'line')) as [string])[0]
    const port = Number(await line())
    const owner = await factOf(child.pid ?? 0)
    let looks = 0
    const transport = createTransport({ ...targetAt(port), owner }, async (process, ends) => {
      const found = (await source.ownsConnection?.(process, ends)) ?? 'unknown'
      looks += 1
      if (looks === 3) {
        expect(found).toBe('waiting')
        child.stdin.write('\n')
      }
      return found
    })
    closers.push(() => transport.close())
    const request = line()
    await createActions(proven(transport)).clearLogs()
    expect([await request, looks > 3]).toEqual(['POST /clear_logs HTTP/1.1', true])
  })

  it('ends unsent at its deadline if it is never accepted', async () => {
    const script = `import socket, sys
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(5)
print(server.getsockname()[1], flush=True)
sys.stdin.readline()`
    const child = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    closers.push(() => child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })
    const port = Number(((await once(lines, 'line')) as [string])[0])
    const target = { ...targetAt(port), owner: await factOf(child.pid ?? 0) }
    const transport = transportTo(target)
    const brief = (exchange: Exchange) => transport.exchange({ ...exchange, isProven: true, deadlineMs: 300 })
    const error = await failureOf(createActions(brief).clearLogs())
    expect([error.code, isNotSent(error)]).toEqual(['dashboard-timeout', true])
  })

  it('is unsent if refused, and of unknown outcome if interrupted later', async () => {
    const { server, port } = await serve()
    server.close()
    await once(server, 'close')
    const owner = await factOf(process.pid)
    const refused = await failureOf(
      createActions(proven(transportTo({ ...targetAt(port), owner }))).clearLogs(),
    )
    expect([refused.code, isNotSent(refused)]).toEqual(['dashboard-unreachable', true])
    const breaking = createServer((socket) => socket.on('data', () => socket.destroy()))
    breaking.listen(0, '127.0.0.1')
    await once(breaking, 'listening')
    closers.push(() => breaking.close())
    const target = { ...targetAt((breaking.address() as AddressInfo).port), owner }
    expect((await failureOf(createActions(proven(transportTo(target))).clearLogs())).code).toBe(
      'outcome-unknown',
    )
  })
})

it('sends nothing to a listener that cannot be reached from here', async () => {
  const { port, connections } = await serve()
  for (const unreachable of ['other-network', 'unknown-network', 'shadowed'] as const) {
    const target = targetAt(port)
    const transport = transportTo({ ...target, listener: { ...target.listener, unreachable } })
    const error = await failureOf(transport.exchange({ method: 'GET', path: '/heartbeat', deadlineMs: 500 }))
    expect(error.code).toBe('dashboard-unreachable')
  }
  expect(connections()).toBe(0)
})

it('does not connect to an address that this machine no longer has', async () => {
  // TEST-NET-1: an address of no network, so none of this machine's.
  const transport = transportTo(targetAt(9, '192.0.2.1'))
  const error = await failureOf(transport.exchange({ method: 'GET', path: '/heartbeat', deadlineMs: 5_000 }))
  // After the time for an answer it would be `dashboard-timeout`.
  expect(error.code).toBe('dashboard-unreachable')
  // Nor does it count as one that does not answer: it was not asked.
  const dashboards = createDashboards({ now: () => performance.now() })
  closers.push(() => dashboards.close())
  expect((await dashboards.connect(targetAt(9, '192.0.2.1')).heartbeat()).result).toBe('unasked')
  expect((await dashboards.connect(targetAt(1)).heartbeat()).result).toBe('refused')
})

const ownAddress = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

it.skipIf(ownAddress === undefined)(
  'a dashboard on the address of a network card is asked there, from that address (skipped: only loopback here)',
  async () => {
    const address = ownAddress ?? ''
    const { port, received } = await serve(address)
    const target = { ...targetAt(port, address), owner: await factOf(process.pid) }
    await createActions(proven(transportTo(target))).clearLogs()
    expect(received()).toContain('POST /clear_logs')
  },
)

it('uses the first accepted host for reads and changes, and repeats no change', async () => {
  const asked: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      const text = String(data)
      asked.push(`${text.split(' ', 2).join(' ')} ${/^host: (.*)$/im.exec(text)?.[1]}`)
      const isTrusted = /^host: dash\.test:/im.test(text)
      socket.end(
        isTrusted ? ANSWER : 'HTTP/1.1 400 BAD REQUEST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const target = { ...targetAt(port), trustedHosts: () => ['dash.test'] }
  const unsettled = createTransport(target)
  closers.push(() => unsettled.close())
  const change: Exchange = { method: 'POST', path: '/clear_logs', deadlineMs: 2_000 }
  await failureOf(unsettled.exchange(change))
  expect(asked.splice(0)).toEqual([`POST /clear_logs 127.0.0.1:${port}`])
  await unsettled.exchange({ method: 'GET', path: '/heartbeat', deadlineMs: 2_000 })
  await unsettled.exchange(change)
  expect(asked).toEqual([
    `GET /heartbeat 127.0.0.1:${port}`,
    `GET /heartbeat localhost:${port}`,
    `GET /heartbeat dash.test:${port}`,
    `POST /clear_logs dash.test:${port}`,
  ])
})
