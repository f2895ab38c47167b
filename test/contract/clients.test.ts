// Clients of a Serena: a bridge into a container or to Windows, a gateway, and clients over HTTP.
import { mkdir, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { ownerWords } from '#contract/owner-words'
import { STAND_IN_VARIABLE } from '../../extensions/backend/demo/stand-in-options.ts'
import { writeStandInProgram } from '../../extensions/backend/demo/start-stand-in.ts'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { type DrivenProgram, startDrivenProgram } from '../helpers/driven-program.ts'
import { whyNoIsolation } from '../helpers/other-side.ts'
import { isAlive, markProcess, markTree, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { printVerdictRow } from '../helpers/verdict-rows.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const why = whyNoIsolation()

interface Place {
  folder: string
  backend: TestBackend
  /** Starts a program whose Serenas are in the home of the backend; its remaining processes are killed after the test. */
  start(words: readonly string[]): DrivenProgram
  write(path: string, text: string): Promise<string>
  /** Waits for the only instance to match, and returns it. */
  only(is: (instance: Instance) => boolean): Promise<Instance>
}

async function makePlace(): Promise<Place> {
  const folder = await makeTempFolder(scope, 'clients')
  const backend = await startBackend(scope, { homes: [folder] })
  const env = {
    ...process.env,
    SERENA_HOME: folder,
    [STAND_IN_VARIABLE]: JSON.stringify({ ignoresEndOfInput: true }),
  }
  const parse = (text: string): Record<string, unknown> => ({ text })
  return {
    folder,
    backend,
    start([file = '', ...args]) {
      const program = startDrivenProgram(scope, file, args, { cwd: folder, env }, parse)
      scope.add(() => markTree(program.mark.pid).forEach((mark) => void signalProcess(mark, 'SIGKILL')))
      return program
    },
    async write(path, text) {
      const file = join(folder, path)
      await mkdir(join(file, '..'), { recursive: true })
      await writeFile(file, text, { mode: 0o755 })
      return file
    },
    only: (is) =>
      waitUntil('the only instance', async () => {
        const { instances } = await backend.call('sweep')
        const [one, ...others] = instances
        return others.length === 0 && one && is(one) ? one : null
      }),
  }
}

describe.skipIf(why !== null)(`a Serena in a container${why === null ? '' : ` (skipped: ${why})`}`, () => {
  test('is one row together with its docker client, and shows the command to stop it after the client has exited', async () => {
    const place = await makePlace()
    const docker = await place.write(
      'bin/docker',
      '#!/bin/sh\nwhile [ "$1" != image ]; do shift; done\nshift\nunshare --pid --fork --mount-proc "$@"\n',
    )
    const serena = await writeStandInProgram(place.folder)
    const run = ['run', '--rm', '-i', '--name', 'box-7', '-e', 'A=b', 'image']
    const program = place.start([docker, ...run, process.execPath, serena, 'start-mcp-server'])
    await program.said(({ text }) => String(text).includes('standIn'), 30_000)
    const tree = markTree(program.mark.pid)
    scope.add(() => tree.forEach((mark) => void signalProcess(mark, 'SIGKILL')))
    const inner = tree.at(-1)

    const one = await place.only(({ pid }) => pid === inner?.pid)
    expect(one.verdict.evidence).toContain(
      `It runs in a container (box-7); process ${program.mark.pid} (docker) is its client.`,
    )

    printVerdictRow({ situation: '`docker run -i`, its client is running', isServed: true, seen: one })
    signalProcess(program.mark, 'SIGKILL')
    const left = await place.only(({ verdict }) =>
      verdict.evidence.some((text) => text.includes('has exited; it')),
    )
    printVerdictRow({
      situation: '`docker run -i`, the docker client was killed',
      isServed: false,
      seen: left,
    })
    expect(left.id).toBe(one.id)
    expect(left.verdict.evidence).toContain('To stop it, run: docker stop box-7')

    const { code, stderr } = await runCli(['kill', String(one.pid), '--yes'], { env: place.backend.env })
    expect(code).not.toBe(0)
    expect(stderr).toContain('docker stop box-7')
    expect(inner && isAlive(inner)).toBe(true)
  })
})

test.skipIf(process.platform !== 'linux')(
  'shows a bridge to a remote Serena in gray, and never ends it',
  async () => {
    const place = await makePlace()
    const program = await place.write('mnt/c/x/uvx.exe', 'read line\n')
    const windows = place.start([
      'bash',
      '-c',
      'exec -a /init sh "$@"',
      'bash',
      program,
      'uvx.exe',
      'serena',
      'start-mcp-server',
    ])
    const one = await place.only(({ pid }) => pid === windows.mark.pid)
    printVerdictRow({ situation: 'WSL: the bridge to a Serena on Windows', isServed: true, seen: one })
    expect(one).toMatchObject({ state: 'unknown', colour: 'grey', flags: [] })
    expect(one.verdict.evidence[0]).toBe(
      `A Serena on Windows; this is its bridge (uvx.exe, process ${windows.mark.pid}).`,
    )
    const { stdout } = await runCli(['list'], { env: place.backend.env })
    expect(stdout).toContain('A Serena on Windows; this is its bridge')
    await runCli(['kill', '--zombies', '--yes'], { env: place.backend.env })
    const { code, stderr } = await runCli(['kill', String(one.pid), '--yes'], { env: place.backend.env })
    expect([code !== 0, stderr]).toEqual([true, expect.stringContaining('on Windows')])
    expect(isAlive(windows.mark)).toBe(true)
  },
)

/** Opens connections that are closed after the test. */
async function openConnections(port: number, count: number): Promise<void> {
  const sockets: Socket[] = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  scope.add(() => sockets.forEach((socket) => void socket.destroy()))
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
}

const portSaid = async (program: DrivenProgram): Promise<number> => {
  const said = await program.said(({ text }) => /^port \d+$/.test(String(text)), 30_000)
  return Number(String(said['text']).slice(5))
}

test.skipIf(process.platform !== 'linux')('shows a gateway with its port and connection count', async () => {
  const place = await makePlace()
  const serena = await writeStandInProgram(place.folder)
  const gateway = await place.write(
    'node_modules/supergateway/dist/index.js',
    `const { spawn } = require('node:child_process')
const child = spawn(process.argv[3], { shell: true, stdio: ['pipe', 'pipe', 'inherit'] })
child.stdout.resume()
const server = require('node:net').createServer(() => {}).listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))
`,
  )
  const command = `"${process.execPath}" "${serena}" start-mcp-server; exit`
  const program = place.start([process.execPath, gateway, '--stdio', command])
  const port = await portSaid(program)
  await openConnections(port, 3)
  const one = await place.only(({ owner }) => owner?.name.includes('3 connections') ?? false)
  expect(one.owner).toMatchObject({
    pid: program.mark.pid,
    name: `supergateway on :${port} (3 connections)`,
  })
  expect(one.owner && ownerWords(one.owner)).toContain(`supergateway on :${port} (3 connections)`)
})

test.skipIf(process.platform !== 'linux')(
  'lists the clients of an HTTP instance by their connections',
  async () => {
    const place = await makePlace()
    const serena = await place.write(
      'bin/serena',
      `const at = process.argv.indexOf('--port') + 1
require('node:net').createServer(() => {}).listen(Number(process.argv[at]), '127.0.0.1', () => console.log('port ' + process.argv[at]))
`,
    )
    const client = `require('node:net').connect(Number(process.argv[2]), '127.0.0.1', () => console.log('connected'))\n`
    // A free port; if another process takes it, the server exits and the test fails immediately.
    const port = await freePort()
    const args = ['start-mcp-server', '--transport', 'streamable-http', '--port', String(port)]
    const server = place.start([process.execPath, serena, ...args])
    await portSaid(server)
    const pids: number[] = []
    for (const name of ['codex', 'claude']) {
      const program = place.start([
        process.execPath,
        await place.write(`clients/${name}`, client),
        String(port),
      ])
      await program.said(({ text }) => text === 'connected')
      pids.push(program.mark.pid)
    }
    const one = await place.only(({ clients }) => clients?.length === 2)
    printVerdictRow({ situation: 'HTTP, used by two clients', isServed: true, seen: one })
    expect(one.clients).toEqual([
      { pid: pids[0], name: 'Codex CLI' },
      { pid: pids[1], name: 'Claude Code' },
    ])
    const { stdout } = await runCli(['list'], { env: place.backend.env })
    expect(stdout).toContain('http, 2 clients: Codex CLI, Claude Code')

    const first = markProcess(pids[0] ?? 0)
    if (first) signalProcess(first, 'SIGKILL')
    const later = await place.only(({ clients }) => clients?.length === 1)
    expect(later.clients?.map(({ name }) => name)).toEqual(['Claude Code'])
  },
)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
