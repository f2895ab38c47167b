// The native window on a test desktop: its content, a single window, and no processes left behind.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { startDesktop, whyNoDesktop } from '../helpers/desktop.ts'
import {
  guardedWindow,
  marked,
  openWindow,
  recordOf,
  runLists,
  untilExited,
} from '../helpers/native-window.ts'
import { isAlive, markTree, signalProcess } from '../helpers/processes.ts'
import { freePort, hasSerena, startSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { standInBrowsers } from '../helpers/stand-in-browsers.ts'
import { runSweeps } from '../helpers/sweeps.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const why = whyNoDesktop()

/** The process between the window and its backend, which exits with the backend. */
const isShell = (pid: number): boolean => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sh'

describe.skipIf(why !== null)(`the native window${why === null ? '' : ` (${why})`}`, () => {
  const scope = scopePerTest()

  test.skipIf(!hasSerena())(
    'shows three real Serenas, and keys open their tabs, the pin and the list',
    async () => {
      const home = await makeSerenaHome(scope)
      const [shop, web] = [
        await makeTypeScriptProject(scope, 'shop'),
        await makeTypeScriptProject(scope, 'web'),
      ]
      await startSerena(scope, { serenaHome: home, project: shop.path })
      await startSerena(scope, { serenaHome: home, project: web.path })
      await startSerena(scope, { serenaHome: home })
      const { desktop, env, tree } = await openWindow(scope, home)
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
      await untilExited(tree)
    },
    180_000,
  )

  test('a second start shows the first window, keeps the selection, and the title counts red instances', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'red', path: home }, hangsAfterMs: 0, hangsAfterAnswers: 4 },
    })
    const isItsTab = (title: string): boolean => title.includes(`${standIn.pid} - `)
    const { desktop, env, tree, window } = await openWindow(scope, home)
    // The page handles keys once its title shows the red instance.
    // A backend that never saw an answer takes it for one that is starting, for a minute.
    const isRed = (title: string): boolean => title === '(1 ✕) Serena Deck'
    await desktop.untilTitle(isRed, 'the red instance in the title', 100_000)
    await desktop.press('ctrl+shift+p')
    await waitUntil('it to be above all', async () => (await desktop.windowState()).includes('ABOVE'))
    expect(await runCli(['open'], { env })).toEqual({ code: 0, stdout: 'Serena Deck is open.\n', stderr: '' })
    expect(await desktop.titles()).toHaveLength(1)
    expect(isAlive(window)).toBe(true)
    await desktop.pressUntil('ctrl+2', isItsTab)
    await desktop.closeWindow()
    await untilExited(tree)

    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' })
    const again = await guardedWindow(scope, desktop)
    await desktop.untilTitle(isItsTab, 'the tab that was open')
    await waitUntil('it to be above all again', async () => (await desktop.windowState()).includes('ABOVE'))
    const rest = markTree(again.pid)
    await desktop.closeWindow()
    await untilExited(rest)
  })

  test('keeps the backend after it is closed only with the setting', async () => {
    const home = await makeTempFolder(scope, 'home')
    const desktop = await startDesktop(scope)
    const settings = join(desktop.stateFolder, 'settings.json')
    writeFileSync(settings, JSON.stringify({ schema: 1, keepsWatching: true }), { mode: 0o600 })
    const { env, backend, window, tree } = await openWindow(scope, home, desktop)
    const others = tree.filter(({ pid }) => pid !== backend.pid && !isShell(pid))
    await desktop.closeWindow()
    await untilExited([window, ...others])
    await runLists(env, 4)
    expect(isAlive(backend)).toBe(true)
    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' })
    const again = await guardedWindow(scope, desktop)
    expect(recordOf(desktop)?.pid).toBe(backend.pid)
    await desktop.closeWindow()
    await untilExited([again])
    await runLists(env, 4)
    expect(isAlive(backend)).toBe(true)
    writeFileSync(settings, JSON.stringify({ schema: 1, keepsWatching: false }), { mode: 0o600 })
    await untilExited(tree)
  })

  test('saves a log into a new file each time', async () => {
    const home = await makeTempFolder(scope, 'home')
    await startTestStandIn(scope, { serenaHome: home, options: { project: { name: 'shop', path: home } } })
    const desktop = await startDesktop(scope)
    writeFileSync(join(desktop.stateFolder, 'window.json'), JSON.stringify({ view: 'logs' }), { mode: 0o600 })
    const { tree } = await openWindow(scope, home, desktop)
    await desktop.pressUntil('ctrl+2', (text) => / - shop – /.test(text))
    const saved = (): string[] => readdirSync(desktop.folder).filter((name) => /\.log\b/.test(name))
    // From the search of the header past the pin, the menu and the tab to the menu of the log.
    const toMenu = ['Escape', 'slash', 'Escape', ...Array<string>(9).fill('Tab')]
    const save = ['space', 's', 'Return']
    await waitUntil('the first file', async () => {
      await desktop.type([...toMenu, ...save])
      return waitUntil('its name', () => saved().length > 0, { timeoutMs: 3_000 })
    })
    // The focus is still on the menu.
    await desktop.type(save)
    await waitUntil('a second file', () => saved().length === 2)
    for (const name of saved()) {
      const text = await waitUntil('its text', () => readFileSync(join(desktop.folder, name), 'utf8'))
      expect(text).toContain('Starting Serena server')
    }
    await desktop.closeWindow()
    await untilExited(tree)
  })

  test('a hidden start shows no window; a second start opens one on the same backend', async () => {
    const home = await makeTempFolder(scope, 'home')
    const desktop = await startDesktop(scope)
    const env = { ...desktop.env, SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home }
    const hidden = await runCli(['open', '--hidden', '--port', '0'], { env, timeoutMs: 60_000 })
    const stdout = 'The backend continues in the background; `serena-deck serve --stop` stops it.\n'
    expect(hidden).toEqual({ code: 0, stdout, stderr: '' })
    const record = recordOf(desktop)
    if (!record) throw new Error('no backend runs')
    const backend = marked(record.pid)
    scope.add(() => void signalProcess(backend, 'SIGKILL'))
    await runLists(env, 4)
    expect(await desktop.titles()).toEqual([])
    expect(markTree(backend.pid).map(({ pid }) => pid)).toEqual([backend.pid])

    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' })
    const window = await guardedWindow(scope, desktop)
    expect(recordOf(desktop)?.pid).toBe(backend.pid)
    const tree = markTree(window.pid)
    await desktop.closeWindow()
    await untilExited(tree)
    expect(isAlive(backend)).toBe(true)
  })

  test('opens a link in the system browser, and keeps the window', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'shop', path: home } },
    })
    const desktop = await startDesktop(scope)
    const browsers = await standInBrowsers(scope)
    // The window keeps the real runtime: only the browsers are replaced.
    const given = { PATH: browsers.env['PATH'], BROWSER: browsers.env['BROWSER'] }
    const { window, tree } = await openWindow(scope, home, { ...desktop, env: { ...desktop.env, ...given } })
    const title = await desktop.pressUntil('ctrl+2', (text) => / - shop – /.test(text))
    // Moves from control to control, and closes any menu that opens.
    await waitUntil('the link to its dashboard', async () => {
      for (const key of ['Tab', 'Return', 'Escape']) await desktop.press(key)
      return browsers.opened().length > 0
    })
    expect(browsers.opened()[0]).toContain(`http://127.0.0.1:${standIn.port()}/dashboard/`)
    expect(await desktop.titles()).toEqual([title])
    expect(await desktop.windowPid()).toBe(window.pid)
    await desktop.closeWindow()
    await untilExited(tree)
  })

  test('ten instances that start at the same time open one window; an open window keeps its tab', async () => {
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
    const window = await guardedWindow(scope, desktop)
    const own = { ...desktop.env, ...backend.env }
    await runSweeps(backend, 3)
    await runLists(own, 4)
    expect(await desktop.titles()).toEqual([title])
    const tree = markTree(window.pid)

    // The other window keeps the focus.
    const other = await desktop.openOther()
    await start('late')
    await waitUntil('its tab', async () =>
      (await backend.call('sweep')).instances.some(({ project }) => project?.name === 'late'),
    )
    await runSweeps(backend, 3)
    await runLists(own, 4)
    expect(await desktop.titles()).toEqual([title])
    expect(await desktop.activeWindow()).toBe(other)
    await desktop.closeWindow()
    await untilExited(tree)
  })

  test('moves a window position of a larger desktop on screen', async () => {
    const home = await makeTempFolder(scope, 'home')
    const large = await startDesktop(scope)
    const first = await openWindow(scope, home, large)
    await large.untilTitle((title) => title === 'Serena Deck', 'its page')
    await large.moveWindow(900, 40)
    const kept = await large.windowPlace()
    await large.closeWindow()
    await untilExited(first.tree)
    const same = await openWindow(scope, home, large)
    await large.untilTitle((title) => title === 'Serena Deck', 'its page')
    await waitUntil(
      'its previous position',
      async () => Math.abs((await large.windowPlace()).x - kept.x) < 20,
    )
    await large.closeWindow()
    await untilExited(same.tree)

    const small = await startDesktop(scope, { size: '800x600', folder: large.folder })
    const { tree } = await openWindow(scope, home, small)
    // Not its height: the runtime calls GTK from a thread of its own, and under load a resize can be lost.
    await waitUntil('its title bar to be completely visible', async () => {
      const { x, y, width, height } = await small.windowPlace()
      // xdotool counts the title bar twice.
      if (x >= 0 && y >= 0 && y <= 64 && x + width <= 800) return true
      throw new Error(`${width}×${height} at ${x}, ${y}`)
    })
    await small.closeWindow()
    await untilExited(tree)
  })
})
