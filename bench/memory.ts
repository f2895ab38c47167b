// Measures the memory of the whole tree (PSS): the native window with its backend, compared with a Chromium `--app` window with the
// same page and backend, and with 20 stock dashboards in Chromium tabs. Needs a build, the window's runtime, Xvfb, openbox, xdotool
// and the
// Serena 2.1.0 that npm test installs. Linux only.
// Run: npx tsx bench/memory.ts [minutes of use, default 1] [numbers of instances, default 1,20,100]
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { leanEnvironment } from '../extensions/backend/window/native-window.ts'
import { findChromium } from '../scripts/chromium.mjs'
import { startBackend } from '../test/helpers/backend.ts'
import { runCli } from '../test/helpers/cli.ts'
import { type Desktop, startDesktop, whyNoDesktop } from '../test/helpers/desktop.ts'
import { startDrivenProgram } from '../test/helpers/driven-program.ts'
import { markProcess, markTree, signalProcess } from '../test/helpers/processes.ts'
import { createScope, type Scope } from '../test/helpers/scope.ts'
import { startSerena } from '../test/helpers/serena.ts'
import { makeTempFolder, makeTypeScriptProject } from '../test/helpers/temp-home.ts'
import { figure, printTable, ratio, runBench } from './measure.ts'
import { memoryOf } from './processes.ts'
import { startStandInGroup } from './stand-in-group.ts'

const STOCK_PAGES = 20
const minutes = Number(process.argv[2] ?? 1)
const counts = (process.argv[3] ?? '1,20,100').split(',').map(Number)

/** Returns the PSS of a process and its descendants, in bytes. */
function pssOf(root: number): number {
  return markTree(root).reduce((sum, { pid }) => {
    try {
      return sum + memoryOf(pid).pss
    } catch {
      // It has exited.
      return sum
    }
  }, 0)
}

const namesOf = (root: number): string =>
  markTree(root)
    .map(({ pid }) => {
      const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
      return `${name} ${figure(memoryOf(pid).pss / 2 ** 20)}`
    })
    .join(', ')

/** Switches between the tabs with the keyboard, as a user does. */
async function use(desktop: Desktop): Promise<void> {
  for (const until = performance.now() + minutes * 60_000; performance.now() < until; ) {
    for (const key of ['ctrl+2', 'ctrl+3', 'ctrl+1']) {
      await desktop.press(key)
      await sleep(3_000)
    }
  }
}

async function startChromium(scope: Scope, desktop: Desktop, args: readonly string[]): Promise<number> {
  const folder = await makeTempFolder(scope, 'chromium')
  const program = startDrivenProgram(
    scope,
    findChromium() ?? 'chromium',
    [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${folder}`,
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ...args,
    ],
    { cwd: folder, env: desktop.env },
    () => ({}),
  )
  scope.add(() => void signalProcess(program.mark, 'SIGTERM'))
  return program.mark.pid
}

async function withScope<Result>(run: (scope: Scope) => Promise<Result>): Promise<Result> {
  const scope = createScope()
  try {
    return await run(scope)
  } finally {
    await scope.end()
  }
}

const ours = (count: number): Promise<{ pss: number; closedPss: number }> =>
  withScope(async (scope) => {
    const group = await startStandInGroup(scope, count)
    const desktop = await startDesktop(scope)
    const env = {
      ...desktop.env,
      SERENA_HOME: group.serenaHome,
      SERENA_DECK_ONLY_HOMES: group.serenaHome,
    }
    const { code, stderr } = await runCli(['open'], { env, timeoutMs: 60_000 })
    if (code !== 0) throw new Error(stderr)
    await desktop.untilTitle(() => true, 'any')
    const pid = await desktop.windowPid()
    const mark = markProcess(pid)
    scope.add(() => void (mark && signalProcess(mark, 'SIGKILL')))
    await use(desktop)
    console.log(`window, ${count}: ${namesOf(pid)}`)
    const pss = pssOf(pid)
    await desktop.closeWindow()

    const backend = await startBackend(scope, { homes: [group.serenaHome] })
    await sleep(30_000)
    return { pss, closedPss: memoryOf(backend.pid).pss }
  })

/** Measures an empty page in the same runtime and settings, without a backend: the share of the web engine itself. */
const emptyPage = (): Promise<number> =>
  withScope(async (scope) => {
    const desktop = await startDesktop(scope)
    const folder = await makeTempFolder(scope, 'empty')
    await mkdir(join(folder, 'resources'))
    await writeFile(join(folder, 'resources', 'index.html'), '<!doctype html><title>Serena Deck</title>')
    const config = {
      applicationId: 'empty.page',
      defaultMode: 'window',
      port: 0,
      documentRoot: '/resources/',
      url: '/',
      enableServer: true,
      enableNativeAPI: false,
      modes: { window: { title: 'Serena Deck', width: 440, height: 820, injectGlobals: false } },
    }
    await writeFile(join(folder, 'neutralino.config.json'), JSON.stringify(config))
    const program = startDrivenProgram(
      scope,
      desktop.env['SERENA_DECK_RUNTIME'] ?? '',
      ['--res-mode=directory', `--path=${folder}`],
      { cwd: folder, env: leanEnvironment(desktop.env, process.platform) },
      () => ({}),
    )
    scope.add(() => void signalProcess(program.mark, 'SIGTERM'))
    await desktop.untilTitle(() => true, 'any')
    await sleep(20_000)
    console.log(`empty page: ${namesOf(program.mark.pid)}`)
    return pssOf(program.mark.pid)
  })

const chromiumApp = (count: number): Promise<number> =>
  withScope(async (scope) => {
    const group = await startStandInGroup(scope, count)
    const desktop = await startDesktop(scope)
    const backend = await startBackend(scope, { homes: [group.serenaHome] })
    const pid = await startChromium(scope, desktop, [
      `--app=${(await backend.call('openUrl')).openUrl}`,
      '--window-size=440,820',
    ])
    await desktop.untilTitle(() => true, 'any')
    await use(desktop)
    return pssOf(pid) + memoryOf(backend.pid).pss
  })

const stockPages = (): Promise<number> =>
  withScope(async (scope) => {
    const desktop = await startDesktop(scope)
    const project = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, { project: project.path })
    const address = `http://127.0.0.1:${await serena.dashboardPort()}/dashboard/index.html`
    const pid = await startChromium(
      scope,
      desktop,
      Array.from({ length: STOCK_PAGES }, () => address),
    )
    await sleep(20_000 + minutes * 60_000)
    return pssOf(pid)
  })

await runBench('memory', async () => {
  const why = whyNoDesktop()
  if (why !== null) throw new Error(`Cannot open a native window: ${why}`)
  console.log(`${minutes} min of use each; ${join('WebKitGTK', 'Chromium')} of this machine\n`)
  console.log(`empty page in the window's runtime: ${figure((await emptyPage()) / 2 ** 20)} MiB\n`)
  const stock = await stockPages()
  const rows: string[][] = []
  for (const count of counts) {
    const window = await ours(count)
    const app = await chromiumApp(count)
    const row = [
      String(count),
      figure(window.pss / 2 ** 20),
      figure(app / 2 ** 20),
      `${figure(window.pss / app)} (${ratio(app, window.pss)} less)`,
      figure(stock / 2 ** 20),
      figure(window.pss / stock),
      figure(window.closedPss / 2 ** 20),
    ]
    // It takes an hour: print what is known so far.
    console.log(row.join(' | '))
    rows.push(row)
  }
  console.log('## PSS of the whole tree, MiB')
  printTable(
    [
      'instances',
      'window and backend',
      'Chromium --app and backend',
      'ours of it',
      `${STOCK_PAGES} stock dashboards in tabs`,
      'ours of it',
      'backend alone, no page open',
    ],
    rows,
  )
})
