// Real processes of Windows: the list, the tree, ports, and what is read of one process.
import { createHook } from 'node:async_hooks'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProcessSource } from '../../extensions/backend/os/platform-source.ts'
import { loadWindowsCalls } from '../../extensions/backend/os/windows/native-calls.ts'
import {
  FAMILY,
  LISTENERS_WITH_PID,
  parseTcpTable,
} from '../../extensions/backend/os/windows/native-tcp-table.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const WAIT = 'process.stdout.write("up");setInterval(() => undefined, 1000)'

async function startNode(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', WAIT, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  scope.add(() => void child.kill())
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

test('lists a child with its parent, arguments, start, memory and CPU time', async () => {
  const before = Date.now()
  const words = ['--', 'größer', 'a "quoted" word', 'ends with \\', '', 'C:\\a b\\']
  const child = await startNode(words)
  const source = createProcessSource()
  const { isComplete, byPid } = await source.list()
  expect(isComplete).toBe(true)
  const fact = byPid.get(child.pid ?? 0)
  expect(fact).toMatchObject({ pid: child.pid, ppid: process.pid, name: 'node.exe' })
  expect(fact?.argv?.slice(3)).toEqual(words)
  expect(fact?.startedAtMs).toBeGreaterThan(before - 5_000)
  expect(fact?.startedAtMs).toBeLessThan(Date.now() + 5_000)
  expect(fact?.rssBytes).toBeGreaterThan(1024 * 1024)
})

test('reads the folder and the environment of a child', async () => {
  const folder = join(await makeTempFolder(scope, 'cwd'), 'Ordner mit Ä')
  mkdirSync(folder)
  const child = await startNode([], {
    cwd: folder,
    env: { ...process.env, SERENA_HOME: 'C:\\größer', OTHER: 'x' },
  })
  const source = createProcessSource()
  const fact = (await source.list()).byPid.get(child.pid ?? 0)
  if (!fact) throw new Error('not listed')
  const details = await source.details(fact, ['SERENA_HOME'])
  expect(details.cwd).toBe(folder)
  expect(details.environment).toEqual({ SERENA_HOME: 'C:\\größer' })
})

test('a quick scan knows the child as long as it runs', async () => {
  const child = await startNode([])
  const pid = child.pid ?? 0
  const source = createProcessSource()
  const fact = (await source.list()).byPid.get(pid)
  expect((await source.quickScan(new Set([pid]))).watched.get(pid)?.identity).toBe(fact?.identity)
  child.kill()
  await once(child, 'exit')
  expect((await source.quickScan(new Set([pid]))).watched.get(pid)).toBeUndefined()
})

test('a scan starts no process', async () => {
  let started = 0
  // Of this thread: other tests start processes from the same process.
  const hook = createHook({
    init(_, type) {
      if (type === 'PROCESSWRAP') started += 1
    },
  }).enable()
  scope.add(() => void hook.disable())
  const source = createProcessSource()
  for (let at = 0; at < 5; at++) {
    const { byPid } = await source.list()
    const own = byPid.get(process.pid)
    if (!own) throw new Error('not listed')
    await source.listeners([own])
    await source.details(own, ['PATH'])
    await source.quickScan(new Set(byPid.keys()))
  }
  expect(started).toBe(0)
  await startNode([])
  expect(started).toBe(1)
})

/** Directly from the tables of the system. Wine fails while other processes open and close sockets: then it is asked again. */
async function readListeningPorts(): Promise<readonly number[]> {
  const { calls } = loadWindowsCalls()
  if (calls === null) throw new Error('no native calls')
  const tables = (['four', 'six'] as const).map(async (family) => {
    const bytes = Buffer.alloc(256 * 1024)
    await waitUntil(`the table of ${family}`, () => {
      const error = calls.GetExtendedTcpTable(bytes, [bytes.length], 0, FAMILY[family], LISTENERS_WITH_PID, 0)
      if (error !== 0) throw new Error(`GetExtendedTcpTable returned ${error}`)
      return true
    })
    return (parseTcpTable(bytes, family) ?? []).map(({ port }) => port)
  })
  return (await Promise.all(tables)).flat()
}

test('reads listening sockets of IPv4 and IPv6; never "listens on nothing" without the owner of each', async () => {
  const servers = await Promise.all(
    ['127.0.0.1', '::1'].map(async (host) => {
      const server = createServer().listen(0, host)
      await once(server, 'listening')
      scope.add(() => void server.close())
      return (server.address() as { port: number }).port
    }),
  )
  const ports = await readListeningPorts()
  for (const port of servers) expect(ports).toContain(port)
  const source = createProcessSource()
  const table = await source.list()
  const own = table.byPid.get(process.pid)
  if (!own) throw new Error('not listed')
  const listeners = (await source.listeners([own])).get(process.pid)
  // Wine reports no owners: then nothing is known.
  if (listeners !== null) expect(listeners?.map(({ port }) => port)).toEqual(expect.arrayContaining(servers))
})
