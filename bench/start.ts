// Measures the time from the start of a window to its first tabs, warm: the native window compared with an `--app` window of a
// running Chromium, with the same page and backend. Needs a build, the window's runtime, Xvfb, openbox, xdotool, xprop. Linux only.
// Run: npx tsx bench/start.ts
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { findChromium } from '../scripts/chromium.mjs'
import { startBackend } from '../test/helpers/backend.ts'
import { runCli } from '../test/helpers/cli.ts'
import { startDesktop, whyNoDesktop } from '../test/helpers/desktop.ts'
import { startDrivenProgram } from '../test/helpers/driven-program.ts'
import { signalProcess } from '../test/helpers/processes.ts'
import { startTestStandIn } from '../test/helpers/stand-in.ts'
import { makeTempFolder } from '../test/helpers/temp-home.ts'
import { waitUntil } from '../test/helpers/wait-until.ts'
import { alternate, figure, median, printTable, runBench } from './measure.ts'

const ROUNDS = 9
/** Only a page that has rendered its tabs shows a red one in its title. */
const HAS_TABS = /"\(1 ✕\) Serena Deck/
const PATIENCE_MS = 60_000
const WINDOW_ID = /0x[\da-f]+/g

/**
 * Resolves at the first matching title of a new window. Uses events of the X server: starting a program every few ms to poll would
 * take a core from the measurement.
 */
function untilTitle(env: NodeJS.ProcessEnv, wanted: RegExp): Promise<void> {
  const spies: ChildProcess[] = []
  const spy = (args: readonly string[], onText: (text: string) => void): void => {
    const child = spawn('xprop', ['-spy', ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    child.stdout.setEncoding('utf8').on('data', onText)
    spies.push(child)
  }
  const titled = new Promise<void>((resolve, reject) => {
    setTimeout(() => reject(new Error(`no such title within ${PATIENCE_MS} ms`)), PATIENCE_MS).unref()
    const known = new Set<string>()
    spy(['-root', '_NET_CLIENT_LIST'], (list) => {
      const newOnes = (list.match(WINDOW_ID) ?? []).filter((id) => !known.has(id))
      for (const id of newOnes) {
        known.add(id)
        spy(['-id', id, 'WM_NAME'], (title) => {
          if (wanted.test(title)) resolve()
        })
      }
    })
  })
  return titled.finally(() => {
    for (const child of spies) child.kill()
  })
}

await runBench('start', async (scope) => {
  const why = whyNoDesktop()
  if (why !== null) throw new Error(`Cannot open a native window: ${why}`)
  const desktop = await startDesktop(scope)
  const home = await makeTempFolder(scope, 'home')
  const red = { project: { name: 'red', path: home }, hangsAfterMs: 0, hangsAfterAnswers: 4 }
  await startTestStandIn(scope, { serenaHome: home, options: red })
  for (const name of ['shop', 'web'])
    await startTestStandIn(scope, { serenaHome: home, options: { project: { name, path: home } } })
  const { stateFolder, env } = desktop
  const backend = await startBackend(scope, { homes: [home], stateFolder, env })
  await waitUntil(
    'a red one',
    async () => (await backend.call('sweep')).instances.some(({ colour }) => colour === 'red'),
    { timeoutMs: 60_000 },
  )

  const profile = await makeTempFolder(scope, 'chromium')
  const flags = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${profile}`,
    '--no-first-run',
  ]
  const chromium = (...words: string[]) =>
    startDrivenProgram(
      scope,
      findChromium() ?? 'chromium',
      [...flags, ...words],
      { cwd: profile, env },
      () => ({}),
    )
  const running = chromium('about:blank')
  scope.add(() => void signalProcess(running.mark, 'SIGTERM'))
  await sleep(5_000)

  // A key press while the window renders may be lost.
  const untilClosed = (): Promise<unknown> =>
    waitUntil(
      'the window to close',
      async () => {
        if ((await desktop.titles()).length === 0) return true
        // Also that of Chromium, whose process continues.
        await desktop.press('alt+F4')
        return false
      },
      { timeoutMs: 20_000, everyMs: 300 },
    )
  let openUrl = ''
  let isOpen = false
  const opened = (open: () => Promise<unknown>) => async (): Promise<void> => {
    const tabs = untilTitle(env, HAS_TABS)
    void open()
    await tabs
    isOpen = true
  }
  const measure = async (run: () => Promise<unknown>): Promise<number> => {
    if (isOpen) await untilClosed()
    // The previous window has closed, and the nonce is unused.
    await sleep(2_000)
    openUrl = (await backend.call('openUrl')).openUrl
    const from = performance.now()
    await run()
    return performance.now() - from
  }
  const times = await alternate(
    {
      window: opened(() => runCli(['open'], { env: { ...env, ...backend.env }, timeoutMs: 60_000 })),
      chromium: opened(async () => chromium(`--app=${openUrl}`)),
    },
    ROUNDS,
    { measure },
  )
  await untilClosed()
  const [ours, theirs] = [median(times.window), median(times.chromium)]
  printTable(
    ['from the start to the first tabs, warm', 'median ms', 'ratio to Chromium'],
    [
      ['native window, by `serena-deck open`', figure(ours), figure(ours / theirs)],
      ['`--app` window of a running Chromium', figure(theirs), figure(1)],
    ],
  )
})
