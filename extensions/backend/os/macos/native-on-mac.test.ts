// The native source on a real Mac, with real processes: it has run nowhere else.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { ProcessFact } from '../process-facts.ts'
import { loadCheckedCalls } from './checked-calls.ts'
import { readPs } from './macos-source.ts'
import { createNativeMacosSource } from './native-source.ts'

const { calls } = loadCheckedCalls()
const children: ChildProcess[] = []
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'deck mac-')))
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// Skipped where there are no calls of macOS: on every other system.
describe.skipIf(calls === null)('the native source of this Mac', () => {
  const source = () => {
    if (calls === null) throw new Error('no native calls')
    return createNativeMacosSource(calls, readPs)
  }

  function start(command: string, args: readonly string[]): { child: ChildProcess; pid: number } {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      cwd: folder,
      env: { ...process.env, SERENA_HOME: '/Users/ü/se rena' },
    })
    children.push(child)
    if (child.pid === undefined) throw new Error(`${command} did not start`)
    return { child, pid: child.pid }
  }

  async function factOf(pid: number): Promise<ProcessFact> {
    const fact = (await source().list()).byPid.get(pid)
    if (!fact) throw new Error(`process ${pid} is not listed`)
    return fact
  }

  it('lists this process and a child, whole, and agrees with ps', async () => {
    const { pid } = start(process.execPath, ['-e', 'setInterval(() => 0, 1000)', 'a b', ''])
    const one = source()
    const { isComplete, byPid } = await one.list()
    expect(isComplete).toBe(true)
    expect(byPid.get(process.pid)).toMatchObject({ ppid: process.ppid, uid: process.getuid?.() })
    expect(byPid.get(pid)).toMatchObject({
      ppid: process.pid,
      argv: [process.execPath, '-e', 'setInterval(() => 0, 1000)', 'a b', ''],
    })
    const quick = await one.quickScan(new Set([pid]))
    expect(quick.watched.get(pid)?.identity).toBe(byPid.get(pid)?.identity)
    expect(one.notice?.()).toBeNull()
  })

  it('reads folder, environment, program and memory of a child', async () => {
    const { pid } = start(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])
    const fact = await factOf(pid)
    const details = await source().details(fact, ['SERENA_HOME'])
    expect(details).toMatchObject({
      cwd: folder,
      environment: { SERENA_HOME: '/Users/ü/se rena' },
      tracerPid: 0,
    })
    expect((await source().program?.(fact))?.executable).toBe(realpathSync(process.execPath))
    expect((await source().memory(fact))?.bytes).toBeGreaterThan(1_000_000)
  })

  it('finds the reader of a child, and the port of this process', async () => {
    const { pid } = start('/bin/cat', [])
    const fact = await factOf(pid)
    expect(await source().connection?.(fact, [fact])).toMatchObject({
      clientEnd: 'open',
      isProven: true,
      holder: { pid: process.pid, isAncestor: true, hasBothEnds: true },
    })
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : null
    const own = (await source().listeners([await factOf(process.pid)])).get(process.pid)
    server.close()
    expect(own).toContainEqual(expect.objectContaining({ address: '127.0.0.1', port }))
  })

  it('proves that a child’s output has no reader', async () => {
    const { child, pid } = start('/bin/sleep', ['60'])
    const fact = await factOf(pid)
    const one = source()
    expect(await one.connection?.(fact, [fact])).toMatchObject({ clientEnd: 'open' })
    const closed = [child.stdin, child.stdout].map(
      (stream) => new Promise((resolve) => stream?.once('close', resolve)),
    )
    child.stdin?.destroy()
    child.stdout?.destroy()
    await Promise.all(closed)
    expect(one.hasLostReader?.(fact)).toBe(true)
    expect(await one.connection?.(fact, [fact])).toMatchObject({ clientEnd: 'closed', isProven: true })
  })
})
