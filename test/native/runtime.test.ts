// What the window runtime permits to other programs, tested with the real program and our configuration.
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { WebSocket } from 'undici'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { EXTENSION_ID, type Handshake, handshakeSchema } from '#contract/window'
import { windowBundle } from '../../extensions/backend/lib/product.ts'
import { startNativeWindow } from '../../extensions/backend/window/native-window.ts'
import { runtime, startDesktop, whyNoDesktop } from '../helpers/desktop.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const why = whyNoDesktop()

describe.skipIf(why !== null)(`the window runtime${why === null ? '' : ` (${why})`}`, () => {
  const scope = scopePerTest()

  /** Starts the real window with a small program instead of our backend, which saves the handshake. */
  async function startWindow(): Promise<Handshake> {
    const desktop = await startDesktop(scope)
    const folder = join(desktop.stateFolder, 'handshake')
    await mkdir(folder)
    const handshakeFile = join(folder, 'handshake.json')
    const program = join(folder, 'extension.cjs')
    await writeFile(
      program,
      `require('node:fs').writeFileSync(${JSON.stringify(handshakeFile)}, require('node:fs').readFileSync(0))\nsetTimeout(() => undefined, 60_000)\n`,
    )
    const { pid } = await startNativeWindow({
      runtime: runtime ?? '',
      bundleFolder: windowBundle,
      command: [process.execPath, program],
      env: desktop.env,
      platform: 'linux',
      logFile: join(folder, 'window.log'),
      isLean: true,
    })
    const mark = markProcess(pid)
    if (mark) scope.add(() => void signalProcess(mark, 'SIGKILL'))
    await desktop.untilTitle(() => true, 'any')
    return waitUntil('the handshake', () =>
      z.parse(handshakeSchema, JSON.parse(readFileSync(handshakeFile, 'utf8'))),
    )
  }

  function get(port: string, path: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve) => {
      // `fetch` would normalize dots in the path.
      const asked = request({ host: '127.0.0.1', port, path }, (answer) => {
        let body = ''
        answer.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
      })
      // A closed connection counts as an answer as well.
      asked.on('error', (error) => resolve({ status: 0, body: String(error) }))
      asked.end()
    })
  }

  const open = (url: string): Promise<WebSocket | null> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url)
      scope.add(() => socket.close())
      socket.addEventListener('open', () => resolve(socket))
      socket.addEventListener('error', () => resolve(null))
    })

  /** Returns the status of an upgrade request for that host. */
  const upgradeStatus = (port: string, path: string, host: string): Promise<number> =>
    new Promise((resolve) => {
      const headers = {
        host,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      }
      const asked = request({ host: '127.0.0.1', port, path, headers })
      asked.on('upgrade', (answer, socket) => {
        socket.destroy()
        resolve(answer.statusCode ?? 0)
      })
      asked.on('response', (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asked.on('error', () => resolve(0))
      asked.end()
    })

  test('gives its token once to its own page, and serves only the bundle', async () => {
    const { nlPort, nlToken } = await startWindow()
    const globals = await waitUntil('the page to have received its token', async () => {
      const answer = await get(nlPort, '/x/__neutralino_globals.js')
      return answer.body.includes("NL_TOKEN=''") ? answer : null
    })
    expect(globals.body).not.toContain(nlToken)
    for (const path of [
      '/../../../../../../../../etc/hostname',
      '/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fhostname',
      '/../../neutralino.config.json/../../../../../etc/passwd',
      join(projectRoot, 'package.json'),
    ])
      expect((await get(nlPort, path)).body, path).not.toMatch(/root:|serena-deck"|^\S+\n$/)
    expect((await get(nlPort, '/window.html')).status).toBe(200)
  })

  test('refuses a missing or wrong connect token, and other extensions', async () => {
    const { nlPort, nlConnectToken } = await startWindow()
    const base = `ws://127.0.0.1:${nlPort}/`
    expect(await open(base)).toBeNull()
    expect(await open(`${base}?connectToken=wrong`)).toBeNull()
    expect(await open(`${base}?extensionId=other&connectToken=${nlConnectToken}`)).toBeNull()
    expect(await upgradeStatus(nlPort, `/?connectToken=${nlConnectToken}`, 'evil.example')).not.toBe(101)
    expect(await upgradeStatus(nlPort, `/?connectToken=${nlConnectToken}`, `127.0.0.1:${nlPort}`)).toBe(101)
    expect(await open(`${base}?extensionId=${EXTENSION_ID}&connectToken=${nlConnectToken}`)).not.toBeNull()
  })

  test('refuses methods that are not on the list, with a valid token', async () => {
    const { nlPort, nlToken, nlConnectToken } = await startWindow()
    const socket = await open(
      `ws://127.0.0.1:${nlPort}/?extensionId=${EXTENSION_ID}&connectToken=${nlConnectToken}`,
    )
    const ask = (method: string, data: object): Promise<string> =>
      new Promise((resolve) => {
        socket?.addEventListener('message', ({ data: text }) => {
          if (String(text).includes(`"id":"${method}"`)) resolve(String(text))
        })
        socket?.send(JSON.stringify({ id: method, method, accessToken: nlToken, data }))
      })
    expect(await ask('os.execCommand', { command: 'id' })).toContain('NE_RT_NATPRME')
    expect(await ask('filesystem.readFile', { path: '/etc/hostname' })).toContain('NE_RT_NATPRME')
    expect(await ask('server.mount', { path: '/x', target: '/' })).toContain('NE_RT_NATPRME')
    expect(await ask('app.killProcess', {})).toContain('NE_RT_NATPRME')
    expect(await ask('window.getSize', {})).toContain('"success":true')
  })
})
