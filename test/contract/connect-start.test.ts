// How `connect` finds or starts the hub: exactly one, in a place of this user, and a clear error where that is impossible.
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive, markProcess } from '../helpers/processes.ts'
import { type RawClient, sayHello } from '../helpers/raw-client.ts'
import { makeStandInHubs, type StandInHubs } from '../helpers/stand-in-hub.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const ON_POSIX = process.platform !== 'win32'

/** Says hello and returns the pid of the hub that answered. */
async function hubOf(client: RawClient): Promise<number> {
  sayHello(client)
  const line = (await client.answers([0], 40_000)).get(0) ?? ''
  return (JSON.parse(line) as { result: { pid: number } }).result.pid
}

const hellosOf = (hubs: StandInHubs): Record<string, unknown>[] =>
  hubs.entries().flatMap(({ hello }) => (hello ? [hello] : []))

test('20 at once start one hub', async () => {
  const hubs = await makeStandInHubs(scope)
  const clients = Array.from({ length: 20 }, () => hubs.connect())
  const pids = await Promise.all(clients.map(hubOf))
  expect(new Set(pids).size).toBe(1)
  expect(hubs.hubs()).toEqual([pids[0]])
}, 120_000)

test('the hub outlives its client and runs in its own folder', async () => {
  const hubs = await makeStandInHubs(scope)
  const client = hubs.connect({ env: { NODE_OPTIONS: '--no-warnings' } })
  const pid = await hubOf(client)
  client.child.stdin?.end()
  expect(await client.ended).toBe(0)
  const mark = markProcess(pid)
  expect(mark && isAlive(mark)).toBe(true)
  expect(hubs.entries()[0]).toMatchObject({ event: 'start', cwd: join(hubs.state, 'hub'), nodeOptions: null })
  expect(await hubOf(hubs.connect())).toBe(pid)
})

test('the hello carries the command, its flags, the folder and the environment', async () => {
  const hubs = await makeStandInHubs(scope)
  const client = hubs.connect({
    env: { GRÖSSE: 'süß' },
    words: ['--private', '--', 'serena', 'start-mcp-server', '--share-as', 'review', '--project', '.'],
  })
  await hubOf(client)
  const [hello] = hellosOf(hubs)
  expect(hello).toMatchObject({
    kind: 'client',
    protocol: 1,
    release: '9.9.9',
    pid: client.mark.pid,
    parentPid: process.pid,
    cwd: hubs.state,
    command: ['serena', 'start-mcp-server', '--project', '.'],
    flags: { isPrivate: true, shareAs: 'review', idleShutdownMinutes: null },
    isResumed: false,
  })
  expect(hello?.['env']).toMatchObject({ GRÖSSE: 'süß', SERENA_DECK_STATE: hubs.state })
})

test.skipIf(!ON_POSIX)('the socket of a killed hub is replaced', async () => {
  const hubs = await makeStandInHubs(scope)
  const first = await hubOf(hubs.connect())
  hubs.kill(first)
  const next = hubs.connect()
  expect(await hubOf(next)).not.toBe(first)
  expect(existsSync(hubs.socket)).toBe(true)
})

test.skipIf(!ON_POSIX)('a long state folder has a short socket', async () => {
  const state = join(await makeTempFolder(scope, 'state'), 'long'.repeat(30))
  mkdirSync(state)
  const { prepareHubPlace } = await import('../../extensions/backend/hub/hub-place.ts')
  const { socket } = prepareHubPlace(state)
  scope.add(() => rmSync(socket, { force: true }))
  const hubs = await makeStandInHubs(scope, { state, hub: { socketPath: socket } })
  expect(await hubOf(hubs.connect())).toBe(hubs.hubs()[0])
  expect(existsSync(hubs.socket)).toBe(false)
})

test.skipIf(!ON_POSIX)('a file or a link at the socket is refused and left alone', async () => {
  const hubs = await makeStandInHubs(scope)
  mkdirSync(join(hubs.state, 'hub'), { mode: 0o700 })
  const elsewhere = join(hubs.state, 'elsewhere.sock')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(elsewhere, resolve))
  scope.add(() => void server.close())
  for (const plant of [() => writeFileSync(hubs.socket, 'mine'), () => symlinkSync(elsewhere, hubs.socket)]) {
    plant()
    const client = hubs.connect()
    sayHello(client)
    expect(await client.ended).toBe(1)
    expect(client.errors()).toBe(
      `serena-deck connect: Cannot use the hub's socket ${hubs.socket}: it is not a socket. Remove it, or set SERENA_DECK_STATE to another folder.\n`,
    )
    expect(existsSync(hubs.socket)).toBe(true)
    rmSync(hubs.socket)
  }
  expect(hubs.hubs()).toEqual([])
})

test.skipIf(process.getuid?.() !== 0)('the socket and the folder of another user are refused', async () => {
  const hubs = await makeStandInHubs(scope)
  const folder = join(hubs.state, 'hub')
  mkdirSync(folder, { mode: 0o700 })
  const server = createServer()
  let connections = 0
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(hubs.socket, resolve))
  scope.add(() => void server.close())
  chownSync(hubs.socket, 65_534, 65_534)
  const first = hubs.connect()
  expect(await first.ended).toBe(1)
  expect(first.errors()).toContain('it belongs to another user')
  chownSync(folder, 65_534, 65_534)
  const second = hubs.connect()
  expect(await second.ended).toBe(1)
  expect(second.errors()).toContain(`The state folder ${folder} is not private: it belongs to another user.`)
  expect(connections).toBe(0)
})

test('a hub that does not start: the client gets the end of its log', async () => {
  const hubs = await makeStandInHubs(scope, { hub: { fault: 'exit' } })
  const client = hubs.connect()
  sayHello(client)
  expect(await client.ended).toBe(1)
  const why = `The hub did not start: first line | The hub \\u{001B}[31mhas a fault. See ${join(hubs.state, 'hub', 'hub.log')}.`
  expect(client.errors()).toBe(`serena-deck connect: ${why}\n`)
  const [answer = ''] = client.lines()
  expect(JSON.parse(answer)).toEqual({ jsonrpc: '2.0', id: 0, error: { code: -32_000, message: why } })
  expect(hubs.hubs()).toHaveLength(1)
})

test('a relative state folder is that of the client', async () => {
  const hubs = await makeStandInHubs(scope)
  const client = hubs.connect({ env: { SERENA_DECK_STATE: '.' } })
  expect(await hubOf(client)).toBe(hubs.hubs()[0])
})

test('the log of the hub before is kept, both readable by this user only', async () => {
  const hubs = await makeStandInHubs(scope, { hub: { fault: 'exit' } })
  for (let i = 0; i < 3; i++) await hubs.connect().ended
  const log = join(hubs.state, 'hub', 'hub.log')
  for (const file of [log, `${log}.1`]) {
    expect(readFileSync(file, 'utf8')).toContain('first line')
    if (ON_POSIX) expect(statSync(file).mode & 0o777).toBe(0o600)
  }
})

test('a newer hub that refuses is asked once', async () => {
  const hubs = await makeStandInHubs(scope, { hub: { protocol: 2, refuses: true } })
  const client = hubs.connect()
  sayHello(client)
  expect(await client.ended).toBe(1)
  expect(client.errors()).toBe('serena-deck connect: It is newer. Update it.\n')
  expect(hellosOf(hubs)).toHaveLength(1)
})

test('a newer hub that accepts is used', async () => {
  const hubs = await makeStandInHubs(scope, { hub: { protocol: 2 } })
  expect(await hubOf(hubs.connect())).toBe(hubs.hubs()[0])
})

test('an older hub is asked once to retire, and replaced when it has ended', async () => {
  const old = await makeStandInHubs(scope, { hub: { protocol: 0 } })
  const older = await old.startHub()
  const hubs = await makeStandInHubs(scope, { state: old.state })
  const pids = await Promise.all([hubs.connect(), hubs.connect(), hubs.connect()].map(hubOf))
  expect(new Set(pids).size).toBe(1)
  expect(pids[0]).not.toBe(older)
  expect(markProcess(older)).toBeNull()
  const retires = hellosOf(hubs).filter(({ kind }) => kind === 'control')
  expect(retires).toMatchObject([{ action: 'retire', target: null }])
}, 60_000)
