// Receives Serena's own push: stock Serenas with the tray interface, and other senders on that port.
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import type { StandIn } from '../../extensions/backend/demo/start-stand-in.ts'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { freePort, hasSerena, type SerenaVersion, startSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { pagesOpenedBy, standInBrowsers } from '../helpers/stand-in-browsers.ts'
import { runSweeps } from '../helpers/sweeps.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
/** The only port that a stock Serena uses. */
const TRAY_PORT = 24_224

async function homeWith(...lines: string[]): Promise<string> {
  const home = await makeSerenaHome(scope)
  // Without a file, Serena writes a complete one at its first start: the template, preceded by these lines.
  writeFileSync(join(home, 'serena_config.yml'), `${['projects: []', ...lines].join('\n')}\n`)
  return home
}

const tabOf = async (backend: TestBackend, is: (one: Instance) => boolean) =>
  (await backend.call('instances')).instances.find(is)

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  server.close()
  return free
}

const until = (port: number, isListening: boolean) =>
  waitUntil(`${port} ${isListening ? 'taken' : 'free'}`, async () => (await isFree(port)) !== isListening, {
    timeoutMs: 90_000,
    everyMs: 200,
  })

const versions = (['2.1.0', '1.3.0'] as const).map((version): [SerenaVersion, string] => [
  version,
  hasSerena(version) ? '' : ' (not installed; `npm run test:versions` does)',
])

describe.each(versions)('a stock Serena %s with the tray interface%s', (version) => {
  test.skipIf(!hasSerena(version))('gets a tab with its project immediately, and opens no page', async () => {
    await until(TRAY_PORT, false)
    const { env, opened } = await standInBrowsers(scope)
    const home = await homeWith(
      'web_dashboard_global: true',
      'web_dashboard_open_on_launch: true',
      'web_dashboard_global_open_on_launch: false',
      'web_dashboard_interface: tray_manager',
    )
    const backend = await startBackend(scope, { homes: [home], env })
    await until(TRAY_PORT, true)
    const project = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, {
      version,
      serenaHome: home,
      env,
      args: ['--open-web-dashboard', 'true', '--context', 'desktop-app'],
    })
    const { atMs } = await waitUntil(
      'its tab, by its push',
      async () => {
        const tab = await tabOf(backend, ({ pid }) => pid === serena.pid)
        return tab?.sources.includes('push') && tab.state === 'idle' ? { atMs: Date.now() } : null
      },
      { everyMs: 20 },
    )
    // The time just before it registers, from its own log.
    const line = /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) .*tray manager is already running/.exec(
      readFileSync(serena.logFile, 'utf8'),
    )
    expect(line, 'Serena to find a receiver at its tray port').not.toBeNull()
    const saidAtMs = Date.parse(line?.[1] ?? '') + Number(line?.[2])
    console.log(
      `${version}: tab appeared ${atMs - saidAtMs} ms after Serena found the receiver at the tray port`,
    )

    const beganMs = performance.now()
    await serena.activateProject(project.path)
    await waitUntil(
      'its project',
      async () => (await tabOf(backend, ({ pid }) => pid === serena.pid))?.project?.name === project.name,
      { everyMs: 20 },
    )
    console.log(
      `${version}: project seen ${Math.round(performance.now() - beganMs)} ms after the call of activate_project began`,
    )
    expect(await pagesOpenedBy(backend, opened)).toEqual([])
    const { instances } = await backend.call('sweep')
    expect(instances.map(({ pid }) => pid)).toEqual([serena.pid])
    await serena.close()
    await waitUntil(
      'the tab to be removed',
      async () => (await backend.call('instances')).instances.length === 0,
    )
  })
})

interface Answer {
  status: number
  body: unknown
}

describe('other senders', () => {
  /** Starts a backend with the receiver on a port of the test. */
  async function backendWithReceiver(...lines: string[]) {
    const port = await freePort()
    const home = await homeWith('web_dashboard_global: true', ...lines)
    const browsers = await standInBrowsers(scope)
    const env = { ...browsers.env, SERENA_DECK_TRAY_PORT: String(port) }
    const backend = await startBackend(scope, { homes: [home], env })
    await until(port, true)
    const say = async (path: string, body: unknown): Promise<Answer> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: path === '/health' ? 'GET' : 'POST',
        ...(path !== '/health' && {
          body: JSON.stringify(body),
          headers: { 'Content-Type': 'application/json' },
        }),
      })
      return { status: response.status, body: await response.json() }
    }
    return { port, home, backend, say, opened: browsers.opened }
  }
  const portOf = (one: StandIn): number => one.port() ?? Number.NaN
  const registration = (pid: number, port: number) => ({
    port,
    pid,
    dashboard_url: `http://127.0.0.1:${port}/dashboard/index.html`,
    project: 'evil',
    started_at: '2026-11-23T08:00:00',
    open_viewer: true,
  })

  test('answers like a tray manager, and accepts a registration only from the owner of the port', async () => {
    const { home, backend, say, opened } = await backendWithReceiver()
    expect(await say('/health', null)).toEqual({ status: 200, body: { status: 'alive' } })
    const [one, other] = [
      await startTestStandIn(scope, { serenaHome: home }),
      await startTestStandIn(scope, { serenaHome: home }),
    ]
    await waitUntil('both tabs', async () => (await backend.call('sweep')).instances.length === 2)
    for (const body of [
      registration(one.pid, portOf(other)),
      registration(process.pid, portOf(other)),
      registration(2_147_483_646, 1),
      registration(backend.pid, Number(new URL(backend.url).port)),
    ])
      expect(await say('/register', body)).toEqual({ status: 200, body: { status: 'registered' } })
    expect(await say('/update_project', { port: one.port(), project: 'evil' })).toMatchObject({ status: 200 })
    expect(await say('/unregister', { port: one.port() })).toEqual({
      status: 200,
      body: { status: 'unregistered' },
    })
    const { instances } = await runSweeps(backend, 3)
    expect(instances.map(({ pid }) => pid).sort()).toEqual([one.pid, other.pid].sort())
    for (const { state, sources, project } of instances) {
      expect([state, project]).toEqual(['idle', null])
      expect(sources).not.toContain('push')
    }
    expect(opened()).toEqual([])

    await say('/register', registration(one.pid, portOf(one)))
    const tabOfPid = (pid: number) => tabOf(backend, (tab) => tab.pid === pid)
    await waitUntil('the valid registration', async () => (await tabOfPid(one.pid))?.sources.includes('push'))
    await waitUntil('its viewer', () => opened().length > 0)
    expect(await pagesOpenedBy(backend, opened)).toEqual([
      expect.stringMatching(new RegExp(`#[\\w-]+\\.${one.pid}-`)) as string,
    ])
    expect((await tabOfPid(other.pid))?.sources).not.toContain('push')
  })

  test('refuses web pages, other hosts, other content types and invalid bodies', async () => {
    const { port } = await backendWithReceiver()
    const body = JSON.stringify(registration(process.pid, 24_282))
    const ask = (head: readonly string[], text = '') => rawAnswer(port, head, text)
    const json = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    const host = `Host: 127.0.0.1:${port}`
    for (const [status, head, text] of [
      [403, ['GET /health HTTP/1.1', 'Host: evil.example']],
      [403, ['GET /health HTTP/1.1', `Host: 127.0.0.1:${port + 1}`]],
      [403, ['GET /health HTTP/1.1', host, `Origin: http://127.0.0.1:${port}`]],
      [403, ['GET /health HTTP/1.1', host, 'Sec-Fetch-Site: cross-site']],
      [400, ['GET /health HTTP/1.1', host, host]],
      [404, ['GET / HTTP/1.1', host]],
      [404, ['GET /health?x HTTP/1.1', host]],
      [405, ['POST /health HTTP/1.1', host, ...json], body],
      [405, ['GET /register HTTP/1.1', host]],
      [
        415,
        ['POST /register HTTP/1.1', host, 'Content-Type: text/plain', `Content-Length: ${body.length}`],
        body,
      ],
      [415, ['POST /register HTTP/1.1', host, `Content-Length: ${body.length}`], body],
      [413, ['POST /register HTTP/1.1', host, json[0] ?? '', 'Content-Length: 20000'], ' '.repeat(20_000)],
      [400, ['POST /register HTTP/1.1', host, json[0] ?? '', 'Content-Length: 2'], '{}'],
      [200, ['POST /register HTTP/1.1', host, ...json], body],
    ] as const)
      expect(await ask(head, text), head.join(' | ')).toBe(status)
  })

  test('listens only while the configuration and the settings enable it', async () => {
    const port = await freePort()
    const home = await homeWith()
    const stateFolder = await makeTempFolder(scope, 'state')
    const env = { SERENA_DECK_TRAY_PORT: String(port) }
    const backend = await startBackend(scope, { homes: [home], stateFolder, env })
    await backend.call('sweep')
    // A change of the settings switches the receiver before the response.
    await backend.call('changeOwnSettings', { body: { openOnLaunch: false } })
    expect((await backend.call('settings')).push).toEqual({ state: 'off', port })
    expect(await isFree(port)).toBe(true)
    writeFileSync(join(home, 'serena_config.yml'), 'projects: []\nweb_dashboard_global: true\n')
    await until(port, true)
    writeFileSync(join(stateFolder, 'settings.json'), JSON.stringify({ schema: 1, receivePush: false }))
    await until(port, false)
  })

  test('leaves the port to a running tray manager, and takes it after its exit', async () => {
    const port = await freePort()
    const first = createServer()
    await new Promise<void>((resolve) => first.listen(port, '127.0.0.1', resolve))
    const home = await homeWith('web_dashboard_global: true')
    const backend = await startBackend(scope, { homes: [home], env: { SERENA_DECK_TRAY_PORT: String(port) } })
    await waitUntil('the port to be reported as in use', async () => {
      return (await backend.call('settings')).push.state === 'taken'
    })
    expect((await backend.call('sweep')).notices).toEqual([])
    await new Promise((resolve) => first.close(resolve))
    await until(port, true)
  })
})

/** Returns the status of the answer to exactly these lines. */
function rawAnswer(port: number, head: readonly string[], text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n${text}`))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)
      if (!status) return
      socket.destroy()
      resolve(Number(status[1]))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`no answer: ${answer}`)))
  })
}

describe('opening the page once', () => {
  const opening = ['web_dashboard_global: true', 'web_dashboard_global_open_on_launch: true']

  test('ten instances that start at the same time open one page, on the tab of one of them', async () => {
    const { env, opened } = await standInBrowsers(scope)
    const home = await homeWith(...opening)
    const backend = await startBackend(scope, {
      homes: [home],
      env: { ...env, SERENA_DECK_TRAY_PORT: String(await freePort()) },
    })
    const all = await Promise.all(
      Array.from({ length: 10 }, () => startTestStandIn(scope, { serenaHome: home })),
    )
    await waitUntil('ten tabs', async () => (await backend.call('sweep')).instances.length === 10)
    await waitUntil('a page to be opened', () => opened().length > 0)
    await runSweeps(backend, 3)
    const pages = await pagesOpenedBy(backend, opened)
    expect(pages).toHaveLength(1)
    const pid = Number(/#[\w-]+\.(\d+)-/.exec(pages[0] ?? '')?.[1])
    expect(all.map((one) => one.pid)).toContain(pid)
  })

  test('a flag of `wrap` overrides the file, also when the instance registers later', async () => {
    const { env, opened } = await standInBrowsers(scope)
    const home = await homeWith('web_dashboard_global: true', 'web_dashboard_global_open_on_launch: false')
    const backend = await startBackend(scope, {
      homes: [home],
      env: { ...env, SERENA_DECK_TRAY_PORT: String(await freePort()) },
    })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    await waitUntil('its tab', async () => (await backend.call('sweep')).instances.length === 1)
    expect(opened()).toEqual([])
    const flags = { isGlobal: null, opensOnLaunch: true }
    await backend.call('register', { body: { pid: standIn.pid, flags } })
    await waitUntil('the page', () => opened().length === 1)
  })

  test('opens no page while one is open', async () => {
    const { env, opened } = await standInBrowsers(scope)
    const home = await homeWith(...opening)
    const backend = await startBackend(scope, {
      homes: [home],
      env: { ...env, SERENA_DECK_TRAY_PORT: String(await freePort()) },
    })
    const page = backend.stream()
    await page.until(({ type }) => type === 'snapshot')
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    await page.until(
      (event) => event.type === 'delta' && event.changed.some(({ pid }) => pid === standIn.pid),
    )
    await runSweeps(backend, 2)
    expect(await pagesOpenedBy(backend, opened)).toEqual([])
  })

  test.each([
    ['the key is absent', ['web_dashboard_global: true']],
    ['the global dashboard is off', ['web_dashboard_global_open_on_launch: true']],
  ])('opens no page while %s', async (_, lines) => {
    const { env, opened } = await standInBrowsers(scope)
    const home = await homeWith(...lines)
    const backend = await startBackend(scope, {
      homes: [home],
      env: { ...env, SERENA_DECK_TRAY_PORT: String(await freePort()) },
    })
    await startTestStandIn(scope, { serenaHome: home })
    await waitUntil('its tab', async () => (await backend.call('sweep')).instances.length === 1)
    await runSweeps(backend, 2)
    expect(await pagesOpenedBy(backend, opened)).toEqual([])
  })

  test('opens no page for earlier instances, or while a page is being opened', async () => {
    const { env, opened } = await standInBrowsers(scope)
    const home = await homeWith(...opening)
    await startTestStandIn(scope, { serenaHome: home })
    const backend = await startBackend(scope, {
      homes: [home],
      env: { ...env, SERENA_DECK_TRAY_PORT: String(await freePort()) },
    })
    await waitUntil('its tab', async () => (await backend.call('sweep')).instances.length === 1)
    await backend.call('openUrl')
    await startTestStandIn(scope, { serenaHome: home })
    await waitUntil('the other tab', async () => (await backend.call('sweep')).instances.length === 2)
    await runSweeps(backend, 2)
    expect(await pagesOpenedBy(backend, opened)).toEqual([])
  })
})
