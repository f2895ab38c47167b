// The picture of the native window: the demo on a display of its own. Linux with Xvfb, openbox, xdotool and ImageMagick.
import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { register } from 'tsx/esm/api'
import { startBuiltDemo } from './built-demo.mjs'
import { StepError } from './steps.mjs'

/** Larger than the window, so that its frame has room. */
const DISPLAY_SIZE = '640x960'
/** Of the window: as narrow as beside an editor, as high as its content. */
const SIZE = ['440', '440']
/** The window is drawn in its new size by then. */
const DRAWN_MS = 2_000

/** Resolves to why the picture cannot be taken here; null: it can. */
export async function whyNoWindowPicture() {
  register()
  const { whyNoDesktop } = await import('../test/helpers/desktop.ts')
  return whyNoDesktop()
}

/**
 * Opens the native window on the demo and writes its content to `target`.
 * @param {string} target
 */
export async function takeWindowPicture(target) {
  register()
  const { createScope } = await import('../test/helpers/scope.ts')
  const { startDesktop } = await import('../test/helpers/desktop.ts')
  const scope = createScope()
  try {
    const demo = await startBuiltDemo({ cwd: homedir() })
    scope.add(() => demo.stop())
    const desktop = await startDesktop(scope, { size: DISPLAY_SIZE })
    await openWindow(scope, desktop, await serenaHomeOf(demo))
    // The dead entry, and the hung instance, which is certain after some seconds without an answer.
    await desktop.untilTitle((title) => title.startsWith('(2 ✕)'), 'two zombies')
    const { env } = desktop
    const id = await desktop.activeWindow()
    execFileSync('xdotool', ['windowsize', '--sync', id, ...SIZE], { env })
    await delay(DRAWN_MS)
    execFileSync('import', ['-window', id, target], { env, stdio: 'inherit' })
  } finally {
    await scope.end()
  }
}

/** Asks the demo for its temporary SERENA_HOME. */
async function serenaHomeOf({ url, openUrl }) {
  const ask = async (path, headers, body) => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body }
    const answer = await fetch(new URL(path, url), init)
    if (!answer.ok) throw new StepError(`The demo answered ${path} with status ${answer.status}.`)
    return answer.json()
  }
  const nonce = new URL(openUrl).hash.slice(1)
  const { token } = await ask('/api/session', {}, JSON.stringify({ nonce }))
  const { serenaHomes } = await ask('/api/sweep', { Authorization: `Bearer ${token}` })
  return serenaHomes[0]
}

async function openWindow(scope, desktop, serenaHome) {
  const { runCli } = await import('../test/helpers/cli.ts')
  const { markProcess, signalProcess } = await import('../test/helpers/processes.ts')
  // The window uses the backend of the demo, whose state is beside its home.
  const state = join(dirname(serenaHome), 'state')
  const env = { ...desktop.env, SERENA_HOME: serenaHome, SERENA_DECK_STATE: state }
  const { code, stderr } = await runCli(['open'], { env })
  if (code !== 0) throw new StepError(`The window did not open: ${stderr}`)
  await desktop.untilTitle(() => true, 'any')
  const window = markProcess(await desktop.windowPid())
  scope.add(() => void (window && signalProcess(window, 'SIGTERM')))
}
