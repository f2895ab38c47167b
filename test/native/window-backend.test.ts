// The native window and its backend: when one exits, the other continues or exits completely.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProcessSource } from '../../extensions/backend/os/platform-source.ts'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { startDesktop, whyNoDesktop } from '../helpers/desktop.ts'
import { openWindow, recordOf, untilExited } from '../helpers/native-window.ts'
import {
  isAlive,
  markProcess,
  markTree,
  type ProcessMark,
  signalProcess,
  stopFor,
} from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const why = whyNoDesktop()
/** Longer than the timeout of either for an answer of the other. */
const STOPPED_MS = 4_000

describe.skipIf(why !== null)(`the native window and its backend${why === null ? '' : ` (${why})`}`, () => {
  const scope = scopePerTest()

  test("runs lean, its backend has the user's environment, and both exit when it is killed", async () => {
    const { tree, window, backend } = await openWindow(scope, await makeTempFolder(scope, 'home'))
    expect(tree.length).toBeGreaterThanOrEqual(4)
    const namesOf = ({ pid }: ProcessMark): string[] =>
      readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((line) => line.split('=')[0] ?? '')
    const lean = [
      'MALLOC_TRIM_THRESHOLD_',
      'JSC_useJIT',
      'WEBKIT_DISABLE_DMABUF_RENDERER',
      'WEBKIT_WEB_RENDER_DEVICE_FILE',
      'GDK_GL',
    ]
    expect(namesOf(window)).toEqual(expect.arrayContaining(lean))
    expect(namesOf(backend).filter((name) => lean.includes(name))).toEqual([])
    // The process of the window itself must not load OpenGL drivers.
    expect(readFileSync(`/proc/${window.pid}/maps`, 'utf8')).not.toMatch(/libEGL_|libGLX_|_dri\.so|libLLVM/)
    signalProcess(window, 'SIGKILL')
    await untilExited(tree)
  })

  test('starts without the lean settings where they fail', async () => {
    const desktop = await startDesktop(scope)
    const picky = join(desktop.folder, 'picky-runtime')
    const real = desktop.env['SERENA_DECK_RUNTIME'] ?? ''
    writeFileSync(
      picky,
      `#!/bin/sh\n[ -n "$GDK_GL" ] && { echo 'no display' >&2; exit 1; }\nexec '${real}' "$@"\n`,
    )
    chmodSync(picky, 0o700)
    const given = { ...desktop, env: { ...desktop.env, SERENA_DECK_RUNTIME: picky } }
    const { tree, window } = await openWindow(scope, await makeTempFolder(scope, 'home'), given)
    expect(readFileSync(`/proc/${window.pid}/environ`, 'utf8')).not.toMatch(/JSC_useJIT|WEBKIT_|GDK_GL/)
    await desktop.untilTitle((title) => title === 'Serena Deck', 'its page')
    await desktop.closeWindow()
    await untilExited(tree)
  })

  test('window and backend continue after a stop, and exit completely', async () => {
    const home = await makeTempFolder(scope, 'home')
    await startTestStandIn(scope, { serenaHome: home, options: { project: { name: 'shop', path: home } } })
    const { desktop, env, tree, window, backend } = await openWindow(scope, home)
    for (const stopped of [[backend], [window], tree]) {
      await stopFor(stopped, STOPPED_MS)
      // Neither the backend nor the instance was considered dead.
      expect(await runCli(['open', 'shop'], { env })).toMatchObject({ code: 0, stderr: '' })
      await desktop.untilTitle((title) => / - shop – /.test(title), 'its tab')
      await desktop.pressUntil('ctrl+1', (title) => title === 'Serena Deck')
      expect(recordOf(desktop)?.pid).toBe(backend.pid)
      expect((await runCli(['list', '--json'], { env })).stdout).toContain('"live"')
    }
    await desktop.closeWindow()
    await untilExited(tree)
  })

  test('restarts a killed backend, and the page reconnects', async () => {
    const home = await makeTempFolder(scope, 'home')
    await startTestStandIn(scope, { serenaHome: home, options: { project: { name: 'shop', path: home } } })
    const { desktop, backend, window, env } = await openWindow(scope, home)
    await desktop.pressUntil('ctrl+2', (title) => / - shop – /.test(title))
    await desktop.pressUntil('ctrl+1', (title) => title === 'Serena Deck')
    signalProcess(backend, 'SIGKILL')
    await desktop.untilTitle((title) => title.startsWith('Not connected'), 'the title to say so')
    await waitUntil('another backend', () => {
      const now = recordOf(desktop)
      return now !== null && now.pid !== backend.pid && markProcess(now.pid) !== null
    })
    // Only a page that the new backend accepts can show its tab.
    await runCli(['open', 'shop'], { env })
    await desktop.untilTitle((title) => / - shop – /.test(title), 'the tab of the new backend')
    expect(await desktop.windowPid()).toBe(window.pid)
    const rest = markTree(window.pid)
    await desktop.closeWindow()
    await untilExited(rest)
  })

  test('a running backend adopts the window, and accepts its page only while it is open', async () => {
    const desktop = await startDesktop(scope)
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, {
      homes: [home],
      stateFolder: desktop.stateFolder,
      env: desktop.env,
    })
    const env = { ...desktop.env, ...backend.env }
    expect(await runCli(['open'], { env, timeoutMs: 60_000 })).toEqual({
      code: 0,
      stdout: 'Serena Deck is open.\n',
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

  /** Returns the origin of the page in the window. */
  async function originOf(pid: number): Promise<string> {
    const source = createProcessSource('linux')
    const process = (await source.list()).byPid.get(pid)
    if (!process) throw new Error(`no process ${pid}`)
    const [listener] = (await source.listeners([process])).get(pid) ?? []
    if (!listener) throw new Error('the window does not listen')
    return `http://${listener.address}:${listener.port}`
  }
})
