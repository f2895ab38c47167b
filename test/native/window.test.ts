// The native window on a desktop of the test: what it shows, that there is one, and that nothing stays behind.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { createProcessSource } from '../../extensions/backend/os/process-source.ts'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { type Desktop, startDesktop, whyNoDesktop } from '../helpers/desktop.ts'
import { isAlive, markProcess, markTree, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { freePort, hasSerena, startSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { standInBrowsers } from '../helpers/stand-in-browsers.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const why = whyNoDesktop()
const recordSchema = z.looseObject({ pid: z.number(), port: z.number() })

describe.skipIf(why !== null)(`the native window${why === null ? '' : ` (${why})`}`, () => {
  const scope = scopePerTest()

  interface Opened {
    desktop: Desktop
    env: NodeJS.ProcessEnv
    /** The runtime, its extension if that is the backend, and WebKit's processes. */
    tree: readonly ProcessMark[]
    window: ProcessMark
    backend: ProcessMark
    port: number
  }

  const recordOf = ({ stateFolder }: Desktop): z.infer<typeof recordSchema> | null => {
    const file = join(stateFolder, 'backend.json')
    return existsSync(file) ? recordSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
  }

  /** Waits for it, and sees to it that it ends with the test. */
  async function guardedWindow(desktop: Desktop): Promise<ProcessMark> {
    await desktop.untilTitle(() => true, 'any')
    const window = marked(await desktop.windowPid())
    scope.add(() => void signalProcess(window, 'SIGKILL'))
    return window
  }

  function marked(pid: number): ProcessMark {
    const mark = markProcess(pid)
    if (!mark) throw new Error(`no process ${pid}`)
    return mark
  }

  /** `open` on a desktop of its own, where the window's extension is the backend. */
  async function openWindow(home: string, given?: Desktop): Promise<Opened> {
    const desktop = given ?? (await startDesktop(scope))
    const env = { ...desktop.env, SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home }
    const { code, stdout, stderr } = await runCli(['open'], { env, timeoutMs: 60_000 })
    expect([code, stdout, stderr]).toEqual([0, '', ''])
    const record = recordOf(desktop)
    if (!record) throw new Error('no backend runs')
    const window = await guardedWindow(desktop)
    return {
      desktop,
      env,
      tree: markTree(window.pid),
      window,
      backend: marked(record.pid),
      port: record.port,
    }
  }

  /** The one between the window and its backend: it ends with the latter. */
  const isShell = (pid: number): boolean => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sh'

  const untilGone = (marks: readonly ProcessMark[]): Promise<unknown> =>
    waitUntil('all its processes to end', () => marks.every((mark) => !isAlive(mark)), { timeoutMs: 10_000 })

  test.skipIf(!hasSerena())(
    'shows three real Serenas; keys open their tabs, pin and list',
    async () => {
      const home = await makeSerenaHome(scope)
      const [shop, web] = [
        await makeTypeScriptProject(scope, 'shop'),
        await makeTypeScriptProject(scope, 'web'),
      ]
      await startSerena(scope, { serenaHome: home, project: shop.path })
      await startSerena(scope, { serenaHome: home, project: web.path })
      await startSerena(scope, { serenaHome: home })
      const { desktop, env, tree } = await openWindow(home)
      await waitUntil('all three', async () => {
        const { stdout } = await runCli(['list', '--json'], { env })
        return (JSON.parse(stdout) as { instances: unknown[] }).instances.length === 3
      })
      const seen = new Set<string>()
      for (const keys of ['ctrl+2', 'ctrl+3', 'ctrl+4']) {
        seen.add(await desktop.pressUntil(keys, (title) => /^\d+ - /.test(title) && !seen.has(title)))
      }
      expect([...seen].map((title) => title.replace(/^\d+ - | – .*$/g, '')).sort()).toEqual([
        'NO PROJECT',
        'shop',
        'web',
      ])
      await desktop.pressUntil('ctrl+1', (title) => title === 'Serena Deck')

      expect(await runCli(['open', 'web'], { env })).toMatchObject({ code: 0, stderr: '' })
      await desktop.untilTitle((title) => / - web – /.test(title), 'open TARGET')
      expect(await desktop.titles()).toHaveLength(1)

      await desktop.press('ctrl+shift+p')
      await waitUntil('it to be above all', async () => (await desktop.windowState()).includes('ABOVE'))
      await desktop.closeWindow()
      await untilGone(tree)
    },
    180_000,
  )

  test('a second start shows the first; what was chosen is kept; a red one stands in the title', async () => {
    const home = await makeTempFolder(scope, 'home')
    await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'red', path: home }, hangsAfterMs: 0, hangsAfterAnswers: 4 },
    })
    const { desktop, env, tree, window } = await openWindow(home)
    // The page is there and hears keys once it says what it sees.
    await desktop.untilTitle((title) => title === '(1 ✕) Serena Deck', 'the red one')
    await desktop.press('ctrl+shift+p')
    await waitUntil('it to be above all', async () => (await desktop.windowState()).includes('ABOVE'))
    expect(await runCli(['open'], { env })).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await desktop.titles()).toHaveLength(1)
    expect(isAlive(window)).toBe(true)
    await desktop.closeWindow()
    await untilGone(tree)

    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' })
    const again = await guardedWindow(desktop)
    await waitUntil('it to be above all again', async () => (await desktop.windowState()).includes('ABOVE'))
    const rest = markTree(again.pid)
    await desktop.closeWindow()
    await untilGone(rest)
  })

  test('closed, it leaves the watch on where that is wanted, and is shown again by it; else nothing', async () => {
    const home = await makeTempFolder(scope, 'home')
    const desktop = await startDesktop(scope)
    const settings = join(desktop.stateFolder, 'settings.json')
    writeFileSync(settings, JSON.stringify({ schema: 1, keepsWatching: true }), { mode: 0o600 })
    const { env, backend, window, tree } = await openWindow(home, desktop)
    const others = tree.filter(({ pid }) => pid !== backend.pid && !isShell(pid))
    await desktop.closeWindow()
    await untilGone([window, ...others])
    await sleep(2_500)
    expect(isAlive(backend)).toBe(true)
    expect(await runCli(['list'], { env })).toMatchObject({ code: 0 })
    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' })
    await guardedWindow(desktop)
    expect(recordOf(desktop)?.pid).toBe(backend.pid)
    await desktop.closeWindow()
    await sleep(1_500)
    expect(isAlive(backend)).toBe(true)
    writeFileSync(settings, JSON.stringify({ schema: 1, keepsWatching: false }), { mode: 0o600 })
    await untilGone(tree)
  })

  test('a log that is saved lies in a file, twice saved in two', async () => {
    const home = await makeTempFolder(scope, 'home')
    await startTestStandIn(scope, { serenaHome: home, options: { project: { name: 'shop', path: home } } })
    const desktop = await startDesktop(scope)
    writeFileSync(join(desktop.stateFolder, 'window.json'), JSON.stringify({ view: 'logs' }), { mode: 0o600 })
    const { tree } = await openWindow(home, desktop)
    await desktop.pressUntil('ctrl+2', (text) => / - shop – /.test(text))
    const saved = (): string[] => readdirSync(desktop.folder).filter((name) => /\.log\b/.test(name))
    await waitUntil(
      'the button that saves',
      async () => {
        for (const key of ['Tab', 'space', 'Escape']) await desktop.press(key)
        return saved().length > 0
      },
      { timeoutMs: 40_000 },
    )
    // The keyboard stands on it still.
    await desktop.press('space')
    await waitUntil('a second file', () => saved().length === 2, { timeoutMs: 15_000 })
    for (const name of saved()) {
      const text = await waitUntil('its text', () => readFileSync(join(desktop.folder, name), 'utf8'))
      expect(text).toContain('Starting Serena server')
    }
    await desktop.closeWindow()
    await untilGone(tree)
  })

  test('started hidden, as at login, it shows no window; a second start opens one on that backend', async () => {
    const home = await makeTempFolder(scope, 'home')
    const desktop = await startDesktop(scope)
    const env = { ...desktop.env, SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home }
    const hidden = await runCli(['open', '--hidden', '--port', '0'], { env, timeoutMs: 60_000 })
    expect(hidden).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const record = recordOf(desktop)
    if (!record) throw new Error('no backend runs')
    const backend = marked(record.pid)
    scope.add(() => void signalProcess(backend, 'SIGKILL'))
    await sleep(2_000)
    expect(await desktop.titles()).toEqual([])
    expect(markTree(backend.pid).map(({ pid }) => pid)).toEqual([backend.pid])

    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' })
    const window = await guardedWindow(desktop)
    expect(recordOf(desktop)?.pid).toBe(backend.pid)
    const tree = markTree(window.pid)
    await desktop.closeWindow()
    await untilGone(tree)
    expect(isAlive(backend)).toBe(true)
  })

  test('it is lean, its backend has the environment of the person; killed at once it takes that with it', async () => {
    const { tree, window, backend } = await openWindow(await makeTempFolder(scope, 'home'))
    expect(tree.length).toBeGreaterThanOrEqual(4)
    const namesOf = ({ pid }: ProcessMark): string[] =>
      readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((line) => line.split('=')[0] ?? '')
    const lean = ['JSC_useJIT', 'WEBKIT_DISABLE_DMABUF_RENDERER', 'WEBKIT_WEB_RENDER_DEVICE_FILE', 'GDK_GL']
    expect(namesOf(window)).toEqual(expect.arrayContaining(lean))
    expect(namesOf(backend).filter((name) => lean.includes(name))).toEqual([])
    // Drivers for OpenGL are no business of the window's own process.
    expect(readFileSync(`/proc/${window.pid}/maps`, 'utf8')).not.toMatch(/libEGL_|libGLX_|_dri\.so|libLLVM/)
    signalProcess(window, 'SIGKILL')
    await untilGone(tree)
  })

  test('F20, F21: stopped for a while, window and backend go on as before, and end whole', async () => {
    const home = await makeTempFolder(scope, 'home')
    await startTestStandIn(scope, { serenaHome: home, options: { project: { name: 'shop', path: home } } })
    const { desktop, env, tree, window, backend } = await openWindow(home)
    for (const stopped of [[backend], [window], tree]) {
      for (const mark of stopped) signalProcess(mark, 'SIGSTOP')
      await sleep(4_000)
      for (const mark of stopped) signalProcess(mark, 'SIGCONT')
      // Nobody was taken for dead, neither we by the window nor the instance by us.
      expect(await runCli(['open', 'shop'], { env })).toMatchObject({ code: 0, stderr: '' })
      await desktop.untilTitle((title) => / - shop – /.test(title), 'its tab')
      await desktop.pressUntil('ctrl+1', (title) => title === 'Serena Deck')
      expect(recordOf(desktop)?.pid).toBe(backend.pid)
      expect((await runCli(['list', '--json'], { env })).stdout).toContain('"live"')
    }
    await desktop.closeWindow()
    await untilGone(tree)
  }, 60_000)

  test('N72: a link opens in the system browser, and the window stays as it is', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'shop', path: home } },
    })
    const desktop = await startDesktop(scope)
    const browsers = await standInBrowsers(scope)
    // The window keeps its own runtime: only browsers stand in.
    const given = { PATH: browsers.env['PATH'], BROWSER: browsers.env['BROWSER'] }
    const { window, tree } = await openWindow(home, { ...desktop, env: { ...desktop.env, ...given } })
    const title = await desktop.pressUntil('ctrl+2', (text) => / - shop – /.test(text))
    // Goes from control to control; a menu that opens is closed again.
    await waitUntil(
      'the link to its dashboard',
      async () => {
        for (const key of ['Tab', 'Return', 'Escape']) await desktop.press(key)
        return browsers.opened().length > 0
      },
      { timeoutMs: 30_000 },
    )
    expect(browsers.opened()[0]).toContain(`http://127.0.0.1:${standIn.port()}/dashboard/`)
    expect(await desktop.titles()).toEqual([title])
    expect(await desktop.windowPid()).toBe(window.pid)
    await desktop.closeWindow()
    await untilGone(tree)
  })

  test('ten instances that start at once open one window, on the tab of one; a window that is open is left as it is', async () => {
    const home = await makeTempFolder(scope, 'home')
    writeFileSync(
      join(home, 'serena_config.yml'),
      'projects: []\nweb_dashboard_global: true\nweb_dashboard_global_open_on_launch: true\n',
    )
    const desktop = await startDesktop(scope)
    const port = String(await freePort())
    const { stateFolder } = desktop
    const backend = await startBackend(scope, {
      homes: [home],
      stateFolder,
      env: { ...desktop.env, SERENA_DECK_TRAY_PORT: port },
    })
    const start = (name: string) =>
      startTestStandIn(scope, { serenaHome: home, options: { project: { name, path: home } } })
    await Promise.all(Array.from({ length: 10 }, (_, i) => start(`early-${i}`)))
    const title = await desktop.untilTitle((text) => / - early-\d – /.test(text), 'the tab of one of them')
    const window = await guardedWindow(desktop)
    await sleep(3_000)
    expect(await desktop.titles()).toEqual([title])
    const tree = markTree(window.pid)

    // Another window has the focus: it keeps it.
    const other = await desktop.openOther()
    await start('late')
    await waitUntil('its tab', async () =>
      (await backend.call('sweep')).instances.some(({ project }) => project?.name === 'late'),
    )
    await sleep(3_000)
    expect(await desktop.titles()).toEqual([title])
    expect(await desktop.activeWindow()).toBe(other)
    await desktop.closeWindow()
    await untilGone(tree)
  }, 60_000)

  test('a place that is remembered from a larger desktop is brought on screen', async () => {
    const home = await makeTempFolder(scope, 'home')
    const large = await startDesktop(scope)
    const first = await openWindow(home, large)
    await large.untilTitle((title) => title === 'Serena Deck', 'its page')
    await large.moveWindow(900, 40)
    const kept = await large.windowPlace()
    await large.closeWindow()
    await untilGone(first.tree)
    const same = await openWindow(home, large)
    await large.untilTitle((title) => title === 'Serena Deck', 'its page')
    await sleep(1_000)
    expect(Math.abs((await large.windowPlace()).x - kept.x)).toBeLessThan(20)
    await large.closeWindow()
    await untilGone(same.tree)

    const small = await startDesktop(scope, { size: '800x600', folder: large.folder })
    const { tree } = await openWindow(home, small)
    await waitUntil('it to be in sight, whole', async () => {
      const { x, y, width, height } = await small.windowPlace()
      // xdotool counts the bar twice.
      return x >= 0 && y >= 0 && x + width <= 800 && y + height <= 620
    })
    await small.closeWindow()
    await untilGone(tree)
  }, 60_000)

  test('a killed backend is started again, and the page begins anew with it', async () => {
    const home = await makeTempFolder(scope, 'home')
    await startTestStandIn(scope, { serenaHome: home, options: { project: { name: 'shop', path: home } } })
    const { desktop, backend, window, env } = await openWindow(home)
    await desktop.pressUntil('ctrl+2', (title) => / - shop – /.test(title))
    await desktop.pressUntil('ctrl+1', (title) => title === 'Serena Deck')
    signalProcess(backend, 'SIGKILL')
    await desktop.untilTitle((title) => title.startsWith('Not connected'), 'it says so')
    await waitUntil(
      'another backend',
      () => {
        const now = recordOf(desktop)
        return now !== null && now.pid !== backend.pid && markProcess(now.pid) !== null
      },
      { timeoutMs: 30_000 },
    )
    // Only a page that the new one admits can show its tab.
    await runCli(['open', 'shop'], { env })
    await desktop.untilTitle((title) => / - shop – /.test(title), 'the tab of the new backend')
    expect(await desktop.windowPid()).toBe(window.pid)
    const rest = markTree(window.pid)
    await desktop.closeWindow()
    await untilGone(rest)
  })

  test('a backend that runs already takes the window over, and admits its page exactly as long as it is there', async () => {
    const desktop = await startDesktop(scope)
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, {
      homes: [home],
      stateFolder: desktop.stateFolder,
      env: desktop.env,
    })
    const env = { ...desktop.env, ...backend.env }
    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    })
    await desktop.untilTitle((title) => title === 'Serena Deck', 'any')
    const origin = await originOf(await desktop.windowPid())
    const ask = async (from: string): Promise<number> =>
      (await backend.fetch('/api/instances', { headers: { Origin: from } })).status
    expect(await ask(origin)).toBe(200)
    expect(await ask(origin.replace(/\d+$/, (port) => String(Number(port) + 1)))).toBe(403)
    expect(await ask(origin.replace('127.0.0.1', 'localhost'))).toBe(403)
    const preflight = {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT' },
    }
    const allowed = await fetch(new URL('/api/instances', backend.url), preflight)
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, origin])

    await desktop.closeWindow()
    await waitUntil('the origin to be refused', async () => (await ask(origin)) === 403)
    const refused = await fetch(new URL('/api/instances', backend.url), preflight)
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect(isAlive(backend.program.mark)).toBe(true)
  })

  /** Where the page of the window comes from. */
  async function originOf(pid: number): Promise<string> {
    const source = createProcessSource('linux')
    const process = (await source.list()).byPid.get(pid)
    if (!process) throw new Error(`no process ${pid}`)
    const [listener] = (await source.listeners([process])).get(pid) ?? []
    if (!listener) throw new Error('the window does not listen')
    return `http://${listener.address}:${listener.port}`
  }
})
