// The socket of the hub: who can connect, what happens to it from outside, and connections that are not clients.
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { textOf } from '../helpers/crash-rounds.ts'
import { hubProgram, startTestHub } from '../helpers/hub.ts'
import { HELLO, openSocket } from '../helpers/hub-client.ts'
import { startHubStage } from '../helpers/hub-stage.ts'
import { python } from '../helpers/mcp-stage.ts'
import { asOtherUser, whyNoIsolation } from '../helpers/other-side.ts'
import { signalProcess } from '../helpers/processes.ts'
import { startRawClient } from '../helpers/raw-client.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const modeOf = (path: string): number => lstatSync(path).mode & 0o777

/** Runs a hub that should not start; resolves to its exit code and stderr. */
async function runHub(stateFolder: string): Promise<{ code: number | NodeJS.Signals; errors: string }> {
  const env = { PATH: process.env['PATH'], SERENA_DECK_STATE: stateFolder }
  const client = startRawClient(scope, [process.execPath, hubProgram], { cwd: stateFolder, env })
  return { code: await client.ended, errors: client.errors() }
}

test('the socket has mode 0600 in a folder of mode 0700, like every file of the hub', async () => {
  const { hub, open } = await startHubStage(scope)
  await (await open()).call('read')
  const folder = join(hub.stateFolder, 'hub')
  expect([modeOf(folder), modeOf(hub.socketPath)]).toEqual([0o700, 0o600])
  await waitUntil('the kept copies', () => statSync(join(folder, 'kept')).isDirectory())
  expect(modeOf(join(folder, 'kept'))).toBe(0o700)
})

describe.skipIf(whyNoIsolation() !== null)('another user', () => {
  const run = (script: string): string =>
    execFileSync(asOtherUser[0] ?? '', [...asOtherUser.slice(1), python, '-c', script], {
      encoding: 'utf8',
      cwd: '/',
    }).trim()

  test('can neither connect nor read the files', async () => {
    const { hub, open } = await startHubStage(scope)
    await (await open()).call('read')
    const attempt = (code: string): string =>
      run(
        `import os,socket\ntry:\n  ${code}\n  print('done')\nexcept OSError as error: print(error.strerror)`,
      )
    expect(attempt('os.listdir("/")')).toBe('done')
    expect(attempt(`socket.socket(socket.AF_UNIX).connect(${JSON.stringify(hub.socketPath)})`)).toBe(
      'Permission denied',
    )
    expect(attempt(`os.listdir(${JSON.stringify(join(hub.stateFolder, 'hub'))})`)).toBe('Permission denied')
  })

  test('that owns the socket is refused', async () => {
    const state = await makeTempFolder(scope, 'state')
    mkdirSync(join(state, 'hub'), { mode: 0o700 })
    const path = join(state, 'hub', 'hub.sock')
    const script = `import os,socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.bind(${JSON.stringify(path)})\nos.chown(${JSON.stringify(path)}, 65534, 65534)`
    execFileSync(python, ['-c', script])
    const { code, errors } = await runHub(state)
    expect(code).not.toBe(0)
    expect(errors).toMatch(/another user/)
  })
})

test('a file in place of the socket is refused and not removed', async () => {
  const state = await makeTempFolder(scope, 'state')
  mkdirSync(join(state, 'hub'), { mode: 0o700 })
  const path = join(state, 'hub', 'hub.sock')
  writeFileSync(path, 'mine')
  const { code, errors } = await runHub(state)
  expect(code).not.toBe(0)
  expect(errors).toMatch(/not a socket/)
  expect(lstatSync(path).isFile()).toBe(true)
})

test('a socket left by a killed hub is replaced', async () => {
  const stage = await startHubStage(scope)
  signalProcess(stage.hub.mark, 'SIGKILL')
  await stage.hub.ended
  expect(lstatSync(stage.hub.socketPath).isSocket()).toBe(true)
  const next = await startTestHub(scope, { stateFolder: stage.hub.stateFolder })
  const client = await next.client(stage.start)
  expect(textOf(await client.call('read', { text: 'served' }))).toBe('served')
})

test('a second hub exits at once with code 0, and the first serves on', async () => {
  const { hub, open } = await startHubStage(scope)
  expect(await runHub(hub.stateFolder)).toEqual({ code: 0, errors: '' })
  expect(textOf(await (await open()).call('read', { text: 'served' }))).toBe('served')
})

test.each(['its socket', 'its folder'])('ends when %s was removed and no call is running', async (what) => {
  const { hub, serena, open } = await startHubStage(scope)
  const a = await open()
  const call = a.call('write', { gate: 'end', text: 'call' })
  await serena.gets('call')
  // Moved, since the hub may write a kept copy while the folder is being emptied.
  if (what === 'its socket') rmSync(hub.socketPath)
  else renameSync(join(hub.stateFolder, 'hub'), join(hub.stateFolder, 'removed'))
  expect((await a.ping()).result).toEqual({})
  serena.open('end')
  expect(textOf(await call)).toBe('call')
  expect(await hub.ended).toBe(0)
  await a.closed
  expect(a.notes()).toEqual(['{"note":"reconnect"}'])
})

test('works where the path is too long for a socket', async () => {
  const stateFolder = join(await makeTempFolder(scope, 'long'), 'x'.repeat(120))
  mkdirSync(stateFolder)
  const { hub, open } = await startHubStage(scope, { stateFolder })
  expect(textOf(await (await open()).call('read', { text: 'served' }))).toBe('served')
  expect(hub.socketPath.startsWith(stateFolder)).toBe(false)
  expect([modeOf(hub.socketPath), modeOf(dirname(hub.socketPath))]).toEqual([0o600, 0o700])
})

describe('a connection', () => {
  test.each([
    ['nothing but a line feed', ''],
    ['no JSON', 'GET / HTTP/1.1'],
    ['JSON of another kind', '[1]'],
    ['another hello', '{"serenaDeck":"hello"}'],
    ['a hello of an unknown kind', JSON.stringify({ ...HELLO, kind: 'other' })],
    ['a client without a command', JSON.stringify({ ...HELLO, kind: 'client' })],
    ['an unknown action', JSON.stringify({ ...HELLO, kind: 'control', action: 'format', target: null })],
  ])('with %s is closed without an answer', async (_, line) => {
    const { hub, open } = await startHubStage(scope)
    const socket = connect({ path: hub.socketPath })
    let said = ''
    socket.on('data', (chunk) => {
      said += String(chunk)
    })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(line === '' ? '\nx\n' : `${line}\n`)
    await closed
    expect(said).toBe('')
    expect((await (await open()).ping()).result).toEqual({})
    expect(hub.log()).toBe('')
  })

  test('of an older protocol gets one sentence, of a newer one it is served', async () => {
    const { hub } = await startHubStage(scope)
    const say = async (hello: object): Promise<Record<string, unknown>> => {
      const socket = await openSocket(hub.socketPath)
      scope.add(() => void socket.destroy())
      socket.write(`${JSON.stringify(hello)}\n`)
      const line = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
      return JSON.parse(line.toString('utf8').split('\n')[0] ?? '') as Record<string, unknown>
    }
    const observer = { ...HELLO, kind: 'observer' }
    const refused = await say({ ...observer, protocol: 0, release: '0.0.1' })
    expect(refused).toMatchObject({ serenaDeck: 'refused', protocol: 1 })
    expect(refused['why']).toMatch(/^The hub runs Serena Deck .*, which is not compatible with 0\.0\.1\.$/)
    expect(refused['fix']).toContain('Update Serena Deck')
    expect(await say({ ...observer, protocol: 99 })).toMatchObject({ serenaDeck: 'welcome', protocol: 1 })
    expect(
      await say({ ...HELLO, protocol: 0, kind: 'control', action: 'detach', target: 'c9' }),
    ).toMatchObject({
      serenaDeck: 'welcome',
    })
  })

  test('that sends its hello in pieces is served', async () => {
    const { hub, start } = await startHubStage(scope)
    const socket = await openSocket(hub.socketPath)
    scope.add(() => void socket.destroy())
    const flags = { isGlobal: null, opensOnLaunch: null, globalPort: null, idleShutdownMinutes: null }
    const hello = {
      ...HELLO,
      ...start,
      kind: 'client',
      parentPid: process.ppid,
      flags: { ...flags, isPrivate: false, shareAs: null },
    }
    const bytes = Buffer.from(`${JSON.stringify(hello)}\n{"jsonrpc":"2.0","id":"ü","method":"ping"}\n`)
    let said = ''
    socket.on('data', (chunk) => {
      said += String(chunk)
    })
    for (let at = 0; at < bytes.length; at += 97)
      await new Promise<void>((resolve) => {
        socket.write(bytes.subarray(at, at + 97), () => resolve())
      })
    await waitUntil('the answer', () => said.includes('"result"'))
    expect(said.split('\n')[1]).toBe('{"jsonrpc":"2.0","id":"ü","result":{}}')
  })
})
