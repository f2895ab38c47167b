// Real faults of the machine: no free descriptors, a full disk, a port in use, stopped readers, signals.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Client } from 'undici'
import { describe, expect, test } from 'vitest'
import type { InstanceList } from '#contract/instance'
import { routes } from '#contract/routes'
import { cliProgram, idOf, startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { type DrivenProgram, startDrivenProgram } from '../helpers/driven-program.ts'
import { asOtherUser, NOBODY, whyNoIsolation } from '../helpers/other-side.ts'
import { isAlive, isStopped, markProcess, signalProcess } from '../helpers/processes.ts'
import { freePort } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const isLinux = process.platform === 'linux'
/** Three missed answers over 10 s prove that an instance is hung. */
const PROVES_HUNG_MS = 11_000

async function readers(backend: TestBackend): Promise<number> {
  const text = await (await backend.fetch('/metrics')).text()
  return Number(/^serena_deck_stream_readers (\d+)$/m.exec(text)?.[1])
}

/** Without free descriptors the backend cannot accept a connection: the returned function uses one that is open already. */
async function sweepOverOneConnection(backend: TestBackend): Promise<() => Promise<InstanceList>> {
  const connection = new Client(backend.url)
  scope.add(() => connection.destroy())
  const headers = { authorization: `Bearer ${await backend.token()}` }
  const { path, method, answer } = routes.sweep
  const sweep = async (): Promise<InstanceList> => {
    const { body } = await connection.request({ path, method, headers })
    return answer.parse(await body.json())
  }
  await sweep()
  return sweep
}

test.skipIf(!isLinux)(
  'reports no instance as dead or hung without free descriptors, and recovers',
  async () => {
    const serenaHome = await makeTempFolder(scope, 'home')
    const standIns = await Promise.all([1, 2, 3].map(() => startTestStandIn(scope, { serenaHome })))
    const backend = await startBackend(scope, { homes: [serenaHome] })
    const stream = backend.stream()
    const pids = standIns.map(({ pid }) => pid).sort()
    const idle = async () => {
      const { instances } = await backend.call('instances')
      return instances.filter(({ state }) => state === 'idle').map(({ pid }) => pid ?? 0)
    }
    await waitUntil('all three', async () => String((await idle()).sort()) === String(pids))
    const sweep = await sweepOverOneConnection(backend)
    const seen = stream.events.length
    const limit = (count: number | string): void =>
      void execFileSync('prlimit', ['--pid', String(backend.pid), `--nofile=${count}:`])
    limit(readdirSync(`/proc/${backend.pid}/fd`).length - 6)
    const limitedAtMs = Date.now()
    await waitUntil(
      'scans for longer than the time that proves a hung instance',
      async () => Date.parse((await sweep()).sweptAt) - limitedAtMs > PROVES_HUNG_MS,
      { timeoutMs: 40_000, everyMs: 500 },
    )
    limit(1024)
    for (const event of stream.events.slice(seen)) {
      if (event.type !== 'delta') continue
      expect(event.removed).toEqual([])
      for (const { state } of event.changed) expect(state).not.toMatch(/dead|hung/)
    }
    const late = await startTestStandIn(scope, { serenaHome })
    await waitUntil('all four', async () => (await idle()).includes(late.pid))
    expect(await idle()).toHaveLength(4)
  },
  120_000,
)

test('a backend killed during a save leaves complete settings and a free port, and instances keep running', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const stateFolder = await makeTempFolder(scope, 'state')
  const { pid } = await startTestStandIn(scope, { serenaHome })
  const mark = markProcess(pid)
  const args = ['--port', String(await freePort())]
  const start = () => startBackend(scope, { homes: [serenaHome], stateFolder, port: null, args })
  const file = join(stateFolder, 'settings.json')
  for (let round = 0; round < 12; round++) {
    const backend = await start()
    await backend.call('changeOwnSettings', { body: { openOnLaunch: true } })
    const saves = Array.from({ length: 30 }, async (_, at) =>
      backend.call('changeOwnSettings', { body: { openOnLaunch: at % 2 === 0 } }),
    )
    // During a different save each round: the next one has begun.
    await saves[round * 2]
    signalProcess(backend.program.mark, 'SIGKILL')
    await Promise.allSettled(saves)
    await backend.program.close()
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      schema: 1,
      openOnLaunch: expect.any(Boolean) as boolean,
    })
  }
  const last = await start()
  expect(`${last.url} ${args.join(' ')}`).toMatch(/:(\d+)\/ --port \1$/)
  await last.call('changeOwnSettings', { body: { openOnLaunch: true } })
  expect(readdirSync(stateFolder).filter((name) => name.endsWith('.part'))).toEqual([])
  expect(await idOf(last, pid)).toContain(String(pid))
  expect(mark !== null && isAlive(mark)).toBe(true)
})

test.skipIf(!isLinux)('reports a full or read-only disk, and keeps answering reads', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const { pid } = await startTestStandIn(scope, { serenaHome })
  const stateFolder = await makeTempFolder(scope, 'state')
  // A small disk in its own mount namespace, and a process beside the backend that makes it full or read-only on command.
  const script = `mount -t tmpfs -o size=256k,mode=700 deck "$0" || exit 1
    exec 3<&0
    { read full || exit; dd if=/dev/zero of="$0/filler" bs=4k 2>/dev/null; echo '{"is":"full"}'
      read readOnly || exit; rm "$0/filler"; mount -o remount,ro "$0"; echo '{"is":"read-only"}'; } <&3 &
    exec "$@" 3<&- </dev/null`
  const isRoot = process.getuid?.() === 0
  // Root in a user namespace could not inspect a stand-in outside of it.
  const runner = ['unshare', isRoot ? '-m' : '-Urm', 'sh', '-c', script, stateFolder]
  const backend = await startBackend(scope, { homes: [serenaHome], stateFolder, runner })
  const save = (isOn: boolean) => backend.call('changeOwnSettings', { body: { openOnLaunch: isOn } })
  await save(true)
  const id = isRoot ? await idOf(backend, pid) : null
  const reads = async () => {
    const { instances } = await backend.call('sweep')
    if (id !== null) {
      expect(instances).toMatchObject([{ pid }])
      expect((await backend.fetch(`/api/instances/${id}/logs`)).status).toBe(200)
    }
    await backend.call('history')
    expect((await backend.call('settings')).own.openOnLaunch).toBe(true)
  }
  for (const [is, words] of [
    ['full', 'the disk is full'],
    ['read-only', 'the disk is read-only'],
  ] as const) {
    backend.program.send({})
    await backend.program.said((message) => message['is'] === is)
    await expect(save(false)).rejects.toThrow(words)
    await reads()
  }
})

describe('our port', () => {
  test('used by another program: the error names the program, and no other port is used', async () => {
    const otherServer = createServer((_, response) => response.end('hello'))
    await new Promise<void>((resolve) => otherServer.listen(0, '127.0.0.1', resolve))
    scope.add(() => void otherServer.close())
    const { port } = otherServer.address() as AddressInfo
    const state = await makeTempFolder(scope, 'state')
    const result = await runCli(['serve', '--port', String(port)], {
      env: { SERENA_DECK_STATE: state, SERENA_DECK_ONLY_HOMES: state, SERENA_HOME: state },
    })
    expect([result.code, result.stdout]).toEqual([1, ''])
    expect(result.stderr).toContain(`Port ${port} is in use`)
    if (isLinux) expect(result.stderr).toContain(`(process ${process.pid})`)
  })

  test('shows a notice when another program listens on the same port of [::1]', async (context) => {
    const otherServer = createServer((_, response) => response.end('hello'))
    const isThere = await new Promise<boolean>((resolve) => {
      otherServer.once('error', () => resolve(false))
      otherServer.listen(0, '::1', () => resolve(true))
    })
    if (!isThere) context.skip('this machine has no IPv6')
    scope.add(() => void otherServer.close())
    const { port } = otherServer.address() as AddressInfo
    const backend = await startBackend(scope, { port: null, args: ['--port', String(port)] })
    expect(backend.url).toBe(`http://127.0.0.1:${port}/`)
    const texts = async (): Promise<string[]> => (await backend.call('sweep')).notices.map(({ text }) => text)
    await waitUntil('the notice', async () => (await texts()).some((text) => text.includes(`[::1]:${port}`)))
    const quiet = await startBackend(scope)
    await quiet.call('sweep')
    expect((await quiet.call('sweep')).notices).toEqual([])
  })

  test('of several simultaneous starts one serves, and the others attach', async () => {
    const state = await makeTempFolder(scope, 'state')
    const port = await (async () => {
      const probe = createServer()
      await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
      const free = (probe.address() as AddressInfo).port
      await new Promise((resolve) => probe.close(resolve))
      return free
    })()
    const start = () => {
      const child = spawn(process.execPath, [cliProgram, 'serve', '--json', '--port', String(port)], {
        env: {
          ...process.env,
          SERENA_DECK_STATE: state,
          SERENA_DECK_ONLY_HOMES: state,
          SERENA_HOME: state,
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      scope.add(async () => {
        child.kill('SIGTERM')
        await exited
      })
      return new Promise<Record<string, unknown>>((resolve, reject) => {
        let text = ''
        child.stdout.on('data', (chunk) => {
          text += String(chunk)
          if (text.includes('\n')) resolve(JSON.parse(text) as Record<string, unknown>)
        })
        child.on('close', (code) => reject(new Error(`exit code ${code}: ${text}`)))
      })
    }
    const ready = await Promise.all([start(), start(), start()])
    expect(ready.filter((line) => line['attached'] === true)).toHaveLength(2)
    expect(new Set(ready.map((line) => line['url']))).toEqual(new Set([`http://127.0.0.1:${port}/`]))
  })

  test.skipIf(whyNoIsolation() !== null)('reports a port without permission to open it', async (context) => {
    const lowest = readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')
    if (Number(lowest) <= 80) context.skip('every user may open port 80 here')
    const state = await makeTempFolder(scope, 'state')
    execFileSync('chown', ['65534:65534', state])
    const [file = '', ...words] = asOtherUser
    const args = [...words, process.execPath, cliProgram, 'serve', '--port', '80']
    const child = spawn(file, args, {
      env: { ...process.env, HOME: state, SERENA_DECK_STATE: state, SERENA_DECK_ONLY_HOMES: state },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += String(chunk)
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(1)
    expect(errors).toContain('80')
  })
})

test('removes a reader that was stopped and then killed', async () => {
  const backend = await startBackend(scope)
  const token = await backend.token()
  const program = `fetch(${JSON.stringify(`${backend.url}api/events`)}, { headers: { authorization: 'Bearer ${token}' } })
    .then(async ({ body }) => { for await (const _ of body) process.stdout.write('.') })`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] })
  scope.add(() => void child.kill('SIGKILL'))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  expect(await readers(backend)).toBe(1)
  const reader = markProcess(child.pid ?? 0)
  child.kill('SIGSTOP')
  await waitUntil('the reader to be stopped', () => reader !== null && isStopped(reader))
  child.kill('SIGKILL')
  await waitUntil('no reader', async () => (await readers(backend)) === 0)
})

test('exits after SIGTERM with five streams open', async () => {
  const backend = await startBackend(scope)
  const streams = Array.from({ length: 5 }, () => backend.stream())
  await Promise.all(streams.map((stream) => stream.until(({ type }) => type === 'snapshot')))
  signalProcess(backend.program.mark, 'SIGTERM')
  const code = await new Promise((resolve) => backend.program.child.once('exit', resolve))
  expect(code).toBe(0)
})

test.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT'] as const)(
  '%s after SIGTERM exits immediately with code 1',
  async (second) => {
    const backend = await startBackend(scope)
    // An incomplete request delays the exit for a second.
    const socket = connect(Number(new URL(backend.url).port), '127.0.0.1')
    socket.on('error', () => undefined) // the connection is closed
    scope.add(() => void socket.destroy())
    socket.write('GET / HTTP/1.1\r\n')
    await backend.fetch('/metrics')
    const record = join(backend.stateFolder, 'backend.json')
    signalProcess(backend.program.mark, 'SIGTERM')
    await waitUntil('the end to begin', () => !existsSync(record), { everyMs: 10 })
    signalProcess(backend.program.mark, second)
    const code = await new Promise((resolve) => backend.program.child.once('exit', resolve))
    expect(code).toBe(1)
  },
)

describe('a client that requests an upgrade or a tunnel', () => {
  const firstLines = ['GET / HTTP/1.1', 'CONNECT localhost HTTP/1.1']
  async function ask({ url }: TestBackend, firstLine: string): Promise<Socket> {
    const { host, port } = new URL(url)
    const socket = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true })
    socket.on('error', () => undefined) // the backend may end first
    scope.add(() => void socket.destroy())
    await once(socket, 'connect')
    socket.write(
      [firstLine, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket', '', ''].join('\r\n'),
    )
    return socket
  }

  test('does not delay the exit while its connection stays open', async () => {
    const backend = await startBackend(scope)
    for (const line of firstLines) {
      const [answer] = (await once(await ask(backend, line), 'data')) as [Buffer]
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 4(05|26) /)
    }
    signalProcess(backend.program.mark, 'SIGTERM')
    await waitUntil('its end', () => backend.program.child.exitCode, { timeoutMs: 3_000 })
  })

  test('does not crash the backend when it disconnects before the answer', async () => {
    const backend = await startBackend(scope)
    for (let i = 0; i < 400; i++) {
      const socket = await ask(backend, firstLines[i % 2] ?? '')
      // It disconnects after a different number of event loop turns each time.
      for (let turns = i % 5; turns > 0; turns--) await nextTurn()
      socket.resetAndDestroy()
    }
    expect(await readers(backend)).toBe(0)
  })
})

describe.skipIf(!isLinux)('a state folder that cannot be written', () => {
  const isRoot = process.getuid?.() === 0
  const [file = '', ...words] = [...(isRoot ? asOtherUser : []), process.execPath, cliProgram]

  async function startWithFolderOf(mode: number): Promise<{ state: string; program: DrivenProgram }> {
    const state = await makeTempFolder(scope, 'state')
    // Permissions do not restrict root.
    if (isRoot) chownSync(state, NOBODY, NOBODY)
    chmodSync(state, mode)
    scope.add(() => chmodSync(state, 0o700))
    const env = {
      ...process.env,
      SERENA_DECK_STATE: state,
      SERENA_DECK_ONLY_HOMES: state,
      SERENA_HOME: state,
    }
    const args = [...words, 'serve', '--json', '--port', '0']
    return { state, program: startDrivenProgram(scope, file, args, { cwd: state, env }) }
  }
  const endOf = ({ child }: DrivenProgram, timeoutMs: number): Promise<number> =>
    waitUntil('its end', () => child.exitCode, { timeoutMs })

  test('exits on SIGTERM although its record cannot be removed', async () => {
    const { state, program } = await startWithFolderOf(0o700)
    await program.said((message) => message['schema'] === 1)
    chmodSync(state, 0o500)
    signalProcess(program.mark, 'SIGTERM')
    expect(await endOf(program, 3_000)).toBe(0)
    expect(readdirSync(state)).toContain('backend.json')
  })

  test('exits with an error when its record cannot be written', async () => {
    const { program } = await startWithFolderOf(0o500)
    expect(await endOf(program, 10_000)).toBe(1)
    expect(program.wrote()).toContain('Cannot use the state folder')
  })
})
