// Large messages and clients that do not read: the others continue, and the hub's memory stays small.
import { describe, expect, test } from 'vitest'
import type { TestHub } from '../helpers/hub.ts'
import type { HubClient } from '../helpers/hub-client.ts'
import { startHubStage } from '../helpers/hub-stage.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const MB = 1024 * 1024

const textOf = async (answer: ReturnType<HubClient['call']>): Promise<string> =>
  (await answer).result?.content?.[0]?.text ?? ''

/** Waits until what the hub no longer needs is collected, while another client is served. */
const settles = (hub: TestHub, b: HubClient, bytes: number): Promise<unknown> =>
  waitUntil(`the hub to have at most ${Math.round(bytes / MB)} MB`, async () => {
    await b.ping()
    return hub.memoryBytes() < bytes
  })

test('passes a request of 9 MB and an answer of 20 MB while another client is served', async () => {
  const { open, serena } = await startHubStage(scope)
  const [a, b] = await Promise.all([open(), open()])
  const text = 'größe '.repeat(1.3 * MB)
  const big = a.call('write', { text, size: 20 * MB })
  const pings = Array.from({ length: 20 }, () => b.ping())
  expect(await textOf(b.call('read', { text: 'b' }))).toBe('b')
  await Promise.all(pings)
  expect((await textOf(big)).length).toBe(20 * MB)
  expect(serena.called().some((one) => one === text)).toBe(true)
  expect(serena.starts()).toHaveLength(1)
})

describe('a client that does not read', () => {
  /** Resolves when the hub has stopped reading from it, too. */
  async function stopReading(client: HubClient, send: () => void): Promise<void> {
    client.socket.pause()
    await waitUntil(
      'the hub to stop reading',
      () => {
        send()
        return client.socket.writableLength > 4 * MB
      },
      { timeoutMs: 30_000, everyMs: 5 },
    )
  }

  test('gets errors beyond 16 MB, and delays no other client', async () => {
    const { open, hub, serena } = await startHubStage(scope)
    const [a, b] = await Promise.all([open(), open()])
    await a.call('read', { size: 2 * MB })
    await b.call('read')
    const beforeBytes = hub.memoryBytes()
    a.socket.pause()
    // Sent one after another while it still seemed to read; the last ones wait.
    for (let i = 0; i < 40; i++)
      a.send({
        id: i,
        method: 'tools/call',
        params: { name: 'read', arguments: { size: 4 * MB, text: `a${i}` } },
      })
    await serena.gets('a0')
    for (let i = 0; i < 20; i++) expect(await textOf(b.call('read', { text: `b${i}` }))).toBe(`b${i}`)
    for (let i = 0; i < 5; i++) expect(await textOf(b.call('write', { text: `w${i}` }))).toBe(`w${i}`)
    await settles(hub, b, beforeBytes + 26 * MB)
    expect((await hub.serena()).clients.find(({ waiting }) => waiting > 0)?.waiting).toBeGreaterThan(20)
    a.socket.resume()
    await waitUntil('all answers', () => a.lines().length >= 42, { timeoutMs: 30_000 })
    expect(serena.called().filter((one) => one.startsWith('a'))).toHaveLength(40)
    const ids = a.lines().map((line) => /^\{"jsonrpc":"2.0","id":(\d+),/.exec(line)?.[1])
    expect(new Set(ids.filter((one) => one !== undefined)).size).toBe(40)
    expect(a.lines().some((line) => line.includes('16 MiB of answers unread'))).toBe(true)
  })

  test('and sends pings is not read any more', async () => {
    const { open, hub } = await startHubStage(scope)
    const [a, b] = await Promise.all([open(), open()])
    await b.call('read')
    const beforeBytes = hub.memoryBytes()
    const pings = `${'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'.repeat(20_000)}`.trimEnd()
    await stopReading(a, () => a.sendLine(pings))
    await settles(hub, b, beforeBytes + 26 * MB)
    a.socket.resume()
    expect((await a.request('ping', undefined, 'last')).result).toEqual({})
  })

  test('gets no further notifications beyond 16 MB', async () => {
    const { open, hub } = await startHubStage(scope)
    const [a, b] = await Promise.all([open(), open()])
    await b.call('read')
    const beforeBytes = hub.memoryBytes()
    a.socket.pause()
    const notify = [{ method: 'notifications/large', params: { text: 'x'.repeat(MB) } }]
    for (let i = 0; i < 40; i++) await b.call('read', { notify })
    expect(b.all('notifications/large')).toHaveLength(40)
    await settles(hub, b, beforeBytes + 26 * MB)
    a.socket.resume()
    await a.ping()
    expect(a.all('notifications/large').length).toBeLessThan(20)
  })

  test('and whose calls wait for another one is not read beyond 16 MB', async () => {
    const { open, serena, hub } = await startHubStage(scope)
    const [a, b] = await Promise.all([open(), open()])
    const first = b.call('write', { text: 'first', gate: 'first' })
    await serena.gets('first')
    const beforeBytes = hub.memoryBytes()
    const text = 'y'.repeat(2 * MB)
    for (let i = 0; i < 30; i++)
      a.send({ id: i, method: 'tools/call', params: { name: 'write', arguments: { text } } })
    await hub.until('some to wait', ({ serenas }) =>
      serenas[0]?.clients.some(({ waiting }) => waiting >= 8 && waiting < 12),
    )
    await settles(hub, b, beforeBytes + 26 * MB)
    serena.open('first')
    await first
    await waitUntil('all answers', () => a.lines().length >= 31, { timeoutMs: 30_000 })
  })
})

test('a client that reads 1 KB/s costs the hub at most 16 MB and delays no other', async () => {
  const { open, hub } = await startHubStage(scope)
  const [slow, b] = await Promise.all([open(), open()])
  await b.call('read', { size: MB })
  const beforeBytes = hub.memoryBytes()
  slow.socket.pause()
  const timer = setInterval(() => void slow.socket.read(100), 100)
  scope.add(() => clearInterval(timer))
  for (let i = 0; i < 60; i++)
    slow.send({ id: i, method: 'tools/call', params: { name: 'read', arguments: { size: 0.5 * MB } } })
  for (let i = 0; i < 50; i++) await b.call('read', { text: 'b' })
  expect(slow.lines().length).toBeLessThan(60)
  await settles(hub, b, beforeBytes + 16 * MB)
})
