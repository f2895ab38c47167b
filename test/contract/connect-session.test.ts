// What `connect` transfers between a client and the hub, and how a session continues when the hub is killed.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAlive } from '../helpers/processes.ts'
import { type RawClient, sayHello } from '../helpers/raw-client.ts'
import { type HubEntry, makeStandInHubs, type StandInHubs } from '../helpers/stand-in-hub.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const ON_POSIX = process.platform !== 'win32'

const call = (id: number | string, name: string, args: object | number = {}): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
})
const ping = (id: number): object => ({ jsonrpc: '2.0', id, method: 'ping' })
const pidIn = (line = ''): number => (JSON.parse(line) as { result: { pid: number } }).result.pid

/** A client whose hub has answered `initialize`; `hub` is its pid. */
async function begin(): Promise<{ hubs: StandInHubs; client: RawClient; hub: number }> {
  const hubs = await makeStandInHubs(scope)
  const client = hubs.connect()
  sayHello(client)
  const hub = pidIn((await client.answers([0])).get(0))
  return { hubs, client, hub }
}

const linesOf = (hubs: StandInHubs, hub: number): HubEntry[] =>
  hubs.entries().filter(({ pid, event }) => pid === hub && event === 'line')
const received = (hubs: StandInHubs, hub: number, text: string): Promise<HubEntry> =>
  waitUntil(`a line with ${text}`, () => linesOf(hubs, hub).find(({ head }) => head?.includes(text)))

test('passes every byte of a line, in pieces or large', async () => {
  const { hubs, client, hub } = await begin()
  const chunks: Buffer[] = []
  client.child.stdout?.setEncoding('latin1' as BufferEncoding).on('data', (text: string) => {
    chunks.push(Buffer.from(text, 'latin1'))
  })
  const argument = Buffer.concat([
    Buffer.from('{"text":"Größe 苹果 🍏 '),
    Buffer.of(0x80, 0xff, 0xc3, 0x28, 0x00, 0x0d),
    Buffer.alloc(9 * 1024 * 1024, 'a'),
    Buffer.from('"}'),
  ])
  const head = Buffer.from(
    '{"jsonrpc":"2.0","id":"ä","method":"tools/call","params":{"name":"echo","arguments":',
  )
  const line = Buffer.concat([head, argument, Buffer.from('}}')])
  client.child.stdin?.write(line.subarray(0, 30))
  await new Promise((resolve) => setTimeout(resolve, 50))
  client.child.stdin?.write(line.subarray(30))
  client.child.stdin?.write('\n')
  const expected = Buffer.concat([
    Buffer.from('{"jsonrpc":"2.0","id":"ä","result":'),
    argument,
    Buffer.from('}\n'),
  ])
  await waitUntil('the whole answer', () => Buffer.concat(chunks).length >= expected.length, {
    timeoutMs: 30_000,
  })
  expect(Buffer.concat(chunks).equals(expected)).toBe(true)
  expect(linesOf(hubs, hub).at(-1)?.length).toBe(line.length)
  client.send(call(2, 'halves'))
  await waitUntil('the answer in two pieces', () =>
    client.lines().includes('{"jsonrpc":"2.0","id":2,"result":{}}'),
  )
})

test('passes broken JSON, batches and odd ids as they are', async () => {
  const { hubs, client, hub } = await begin()
  const lines = [
    '{"jsonrpc"',
    '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    ' {"id" : null, "method" : "x"} ',
    'null',
  ]
  for (const line of lines) client.child.stdin?.write(`${line}\n`)
  client.send(ping(9))
  await client.answers([9])
  const heads = linesOf(hubs, hub).map(({ head }) => head)
  expect(heads.slice(2, -1)).toEqual(lines)
})

test('a client that does not read stops the hub, and gets everything later', async () => {
  const { hubs, client } = await begin()
  client.child.stdout?.pause()
  client.send(call(1, 'flood', 1_600))
  const sent = (): number =>
    hubs
      .entries()
      .filter(({ event }) => event === 'flood')
      .at(-1)?.sent ?? 0
  let last = -1
  await waitUntil(
    'the hub stops',
    () => {
      const isSame = sent() === last && last > 0
      last = sent()
      return isSame
    },
    { everyMs: 500 },
  )
  expect(last).toBeLessThan(100)
  if (process.platform === 'linux') {
    const status = readFileSync(`/proc/${client.mark.pid}/status`, 'utf8')
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(100_000)
  }
  client.child.stdout?.resume()
  await client.answers([1], 60_000)
  expect(client.lines().filter((line) => line.includes('notifications/message'))).toHaveLength(1_600)
})

test('the hub is killed while it is idle: the next one continues the session', async () => {
  const { hubs, client, hub } = await begin()
  hubs.kill(hub)
  client.send(ping(1))
  const next = pidIn((await client.answers([1])).get(1))
  expect(next).not.toBe(hub)
  const [initialize, initialized] = linesOf(hubs, next)
  expect(initialize?.head).toMatch(
    /^\{"jsonrpc":"2.0","id":"serena-deck-1","method":"initialize",.*"raw-client"/,
  )
  expect(initialized?.head).toContain('notifications/initialized')
  const hellos = hubs.entries().flatMap(({ hello }) => (hello ? [hello['isResumed']] : []))
  expect(hellos).toEqual([false, true])
  // The answer to our initialize is not for the client.
  expect(client.lines()).toHaveLength(2)
  expect(client.errors()).toBe('')
})

test('the hub is killed in a call: the call is answered and not repeated, other requests are', async () => {
  const { hubs, client, hub } = await begin()
  client.send(call('wäit', 'wait'))
  client.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' })
  client.send({ jsonrpc: '2.0', id: 3, method: 'tools/list' })
  client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } })
  await received(hubs, hub, 'cancelled')
  hubs.kill(hub)
  const answer = await waitUntil('the answer to the call', () => client.lines()[1], { everyMs: 5 })
  expect(JSON.parse(answer)).toEqual({
    jsonrpc: '2.0',
    id: 'wäit',
    result: {
      content: [
        {
          type: 'text',
          text: 'The connection to Serena was lost while this call was running. The call may or may not have taken effect: check before you repeat it.',
        },
      ],
      isError: true,
    },
  })
  client.send(ping(4))
  const next = pidIn((await client.answers([4])).get(4))
  const methods = linesOf(hubs, next).map(({ head }) => /"method":"([^"]+)"/.exec(head ?? '')?.[1])
  expect(methods).toEqual(['initialize', 'notifications/initialized', 'tools/list', 'ping'])
  expect(linesOf(hubs, next)[2]?.head).toContain('"id":2')
})

test('a call that kills each hub is sent once', async () => {
  const { hubs, client } = await begin()
  client.send(call(1, 'die'))
  expect((await client.answers([1])).get(1)).toContain('may or may not have taken effect')
  client.send(ping(2))
  await client.answers([2])
  expect(hubs.entries().filter(({ head }) => head?.includes('"die"'))).toHaveLength(1)
  expect(hubs.hubs()).toHaveLength(2)
})

test('ten clients of a killed hub meet at one new hub', async () => {
  const { hubs, client, hub } = await begin()
  const clients = [client, ...Array.from({ length: 9 }, () => hubs.connect())]
  for (const one of clients.slice(1)) sayHello(one)
  await Promise.all(clients.map((one) => one.answers([0])))
  hubs.kill(hub)
  for (const one of clients) one.send(ping(1))
  const pids = await Promise.all(clients.map(async (one) => pidIn((await one.answers([1])).get(1))))
  expect(new Set(pids).size).toBe(1)
  expect(hubs.hubs()).toEqual([hub, pids[0]])
})

test('without a hub each request is answered with the reason, until there is one again', async () => {
  const { hubs, client, hub } = await begin()
  hubs.setBroken(true)
  client.send(call(1, 'wait'))
  client.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' })
  await received(hubs, hub, 'tools/list')
  hubs.kill(hub)
  const lost = await client.answers([1, 2])
  expect(lost.get(1)).toContain('may or may not have taken effect')
  expect(lost.get(2)).toMatch(/"error":\{"code":-32000,"message":"The hub did not start: broken See /)
  client.send(call(3, 'wait'))
  expect((await client.answers([3])).get(3)).toMatch(/"text":"The hub did not start: broken .*"isError":true/)
  hubs.setBroken(false)
  let id = 3
  const next = await waitUntil(
    'another hub',
    async () => {
      client.send(ping(++id))
      const line = (await client.answers([id])).get(id) ?? ''
      return line.includes('"result"') && pidIn(line)
    },
    { timeoutMs: 20_000, everyMs: 500 },
  )
  expect(linesOf(hubs, next)[0]?.head).toContain('"method":"initialize"')
  expect(client.errors().match(/The hub did not start/g)).toHaveLength(1)
})

test('the note `reconnect` continues the session elsewhere', async () => {
  const { hubs, client, hub } = await begin()
  client.send(call(1, 'note_reconnect'))
  expect((await client.answers([1])).get(1)).toContain('"isError":true')
  client.send(ping(2))
  await client.answers([2])
  expect(hubs.entries().filter(({ hello }) => hello?.['isResumed'])).toHaveLength(1)
  expect(hubs.hubs()).toEqual([hub])
})

test('the note `wait` continues the session with the next message, and not before', async () => {
  const { hubs, client } = await begin()
  const resumed = (): number => hubs.entries().filter(({ hello }) => hello?.['isResumed']).length
  client.send(call(1, 'note_wait'))
  expect((await client.answers([1])).get(1)).toContain('"isError":true')
  // Another client has connected meanwhile.
  const other = hubs.connect()
  sayHello(other)
  await other.answers([0])
  expect(resumed()).toBe(0)
  client.send(ping(2))
  await client.answers([2])
  expect(resumed()).toBe(1)
})

test('the note `exit` ends it with exit code 0', async () => {
  const { client } = await begin()
  client.send(call(1, 'note_exit'))
  expect(await client.ended).toBe(0)
  expect(client.lines()).toHaveLength(1)
})

test('the end of the input: the answers in flight arrive first', async () => {
  const { client } = await begin()
  client.child.stdin?.end(`${JSON.stringify(call(1, 'later'))}\n${JSON.stringify(ping(2))}`)
  expect(await client.ended).toBe(0)
  expect((await client.answers([1, 2])).size).toBe(2)
})

test('the end of the input: an answer that does not arrive is awaited for 2 s', async () => {
  const { hubs, client, hub } = await begin()
  client.send(call(1, 'wait'))
  await received(hubs, hub, '"wait"')
  const startedAt = performance.now()
  client.child.stdin?.end()
  expect(await client.ended).toBe(0)
  expect(performance.now() - startedAt).toBeGreaterThan(1_900)
})

test.skipIf(!ON_POSIX)('a client that has closed its end of the output', async () => {
  const { client } = await begin()
  client.child.stdout?.destroy()
  client.send(ping(1))
  expect(await client.ended).toBe(0)
})

test.skipIf(!ON_POSIX)('SIGTERM ends it at once', async () => {
  const { client } = await begin()
  client.child.kill('SIGTERM')
  expect(await client.ended).toBe('SIGTERM')
})

test.skipIf(process.platform !== 'linux')('does nothing at rest', async () => {
  const { client } = await begin()
  const switches = (): number => {
    const status = readFileSync(`/proc/${client.mark.pid}/status`, 'utf8')
    return Number(/\nvoluntary_ctxt_switches:\s+(\d+)/.exec(status)?.[1])
  }
  await waitUntil('a second without a wake-up', async () => {
    const before = switches()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    return switches() === before
  })
  expect(isAlive(client.mark)).toBe(true)
})
