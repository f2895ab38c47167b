// A desktop for tests: Xvfb with openbox, and xdotool to read windows and press keys. Linux only.
import { execFile, execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findNativeRuntime } from '../../extensions/backend/window/native-runtime.ts'
import { startDrivenProgram } from './driven-program.ts'
import { isAlive, markProcess, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

const run = promisify(execFile)
/** Enough time for a menu to open before the next key. */
const KEY_EVERY_MS = 100
const PROGRAMS = ['Xvfb', 'openbox', 'xdotool', 'xprop', 'xmessage'] as const

function hasProgram(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' })
    return true
  } catch {
    // Not in the path.
    return false
  }
}

/** The window runtime in the cache; null: none. */
export const runtime =
  process.platform === 'linux'
    ? findNativeRuntime({ env: process.env, platform: process.platform, arch: process.arch })
    : null

/** Why no native window can be opened here; null: it can. */
export function whyNoDesktop(): string | null {
  if (process.platform !== 'linux') return 'the test desktop needs Linux'
  if (runtime === null) return 'the window runtime is not in the cache'
  const missing = PROGRAMS.filter((name) => !hasProgram(name))
  return missing.length === 0 ? null : `missing: ${missing.join(', ')}`
}

export interface Desktop {
  /** Environment with DISPLAY, its own folders, and the runtime. */
  env: NodeJS.ProcessEnv
  folder: string
  stateFolder: string
  /** Returns the titles of all our windows. */
  titles(): Promise<string[]>
  untilTitle(is: (title: string) => boolean, what: string, timeoutMs?: number): Promise<string>
  press(keys: string): Promise<void>
  /** Presses the keys one after the other, at the speed of a user. */
  type(keys: readonly string[]): Promise<void>
  /** Presses the keys repeatedly until a title matches: a page that is still starting ignores keys. */
  pressUntil(keys: string, is: (title: string) => boolean): Promise<string>
  /** Closes our window as its ✕ does. */
  /** Resolves when its process has exited; a key that is lost is pressed again. */
  closeWindow(): Promise<void>
  /** `_NET_WM_STATE` of our window. */
  windowState(): Promise<string>
  windowPid(): Promise<number>
  picture(file: string): Promise<void>
  moveWindow(x: number, y: number): Promise<void>
  windowPlace(): Promise<{ x: number; y: number; width: number; height: number }>
  /** Opens a window of another program, which takes the focus; its id. */
  openOther(): Promise<string>
  /** The id of the window that has the focus. */
  activeWindow(): Promise<string>
}

/** Starts a desktop, which is stopped when the scope ends. */
export async function startDesktop(
  scope: Scope,
  { size = '1400x900', folder: given }: { size?: string /** That of another one. */; folder?: string } = {},
): Promise<Desktop> {
  const folder = given ?? (await makeTempFolder(scope, 'desktop'))
  const display = await startXvfb(scope, folder, size)
  const stateFolder = join(folder, 'state')
  await mkdir(stateFolder, { mode: 0o700, recursive: true })
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DISPLAY: display,
    WAYLAND_DISPLAY: '',
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    SERENA_DECK_STATE: stateFolder,
    SERENA_DECK_RUNTIME: runtime ?? '',
  }
  const windowManager = startDrivenProgram(scope, 'openbox', [], { cwd: folder, env }, () => ({}))
  scope.add(() => void signalProcess(windowManager.mark, 'SIGTERM'))
  await untilManaged(env)
  const xdotool = async (...args: string[]): Promise<string> =>
    (await run('xdotool', args, { env }).catch(() => ({ stdout: '' }))).stdout
  const windows = async (): Promise<string[]> =>
    (await xdotool('search', '--onlyvisible', '--name', 'Serena Deck')).split('\n').filter(Boolean)
  const titles = async (): Promise<string[]> =>
    Promise.all((await windows()).map(async (id) => (await xdotool('getwindowname', id)).trim()))
  // The search finds nothing while another window of the desktop is being destroyed.
  const ours = (): Promise<string> => waitUntil('our window', async () => (await windows())[0])
  const windowPid = async (): Promise<number> => Number(await xdotool('getwindowpid', await ours()))
  const activeWindow = async (): Promise<string> => (await xdotool('getactivewindow')).trim()
  /** Also waits for the window manager: its own keys go to the window that it takes for active. */
  const focus = (): Promise<boolean> =>
    waitUntil('our window to be active', async () => {
      const id = await ours()
      await xdotool('windowfocus', '--sync', id)
      return (await activeWindow()) === id
    })
  const press = async (keys: string): Promise<void> => {
    await focus()
    await xdotool('key', keys)
  }
  const type = async (keys: readonly string[]): Promise<void> => {
    await focus()
    await xdotool('key', '--delay', String(KEY_EVERY_MS), ...keys)
  }
  return {
    env,
    folder,
    stateFolder,
    titles,
    press,
    type,
    pressUntil: (keys, is) =>
      waitUntil(
        `a window's title after ${keys}`,
        async () => {
          await press(keys)
          return (await titles()).find(is)
        },
        { everyMs: 500 },
      ),
    untilTitle: (is, what, timeoutMs = 30_000) =>
      waitUntil(`a window's title: ${what}`, async () => (await titles()).find(is), { timeoutMs }),
    closeWindow: async () => {
      const window = markProcess(await windowPid())
      await waitUntil('our window to close', async () => {
        if (window === null || !isAlive(window)) return true
        // The key of the window manager asks the program to close; xdotool would destroy the window.
        if ((await windows()).length > 0) await press('alt+F4')
        return waitUntil('its exit', () => !isAlive(window), { timeoutMs: 5_000 })
      })
    },
    windowState: async () => (await run('xprop', ['-id', await ours(), '_NET_WM_STATE'], { env })).stdout,
    windowPid,
    async moveWindow(x, y) {
      await xdotool('windowmove', '--sync', await ours(), String(x), String(y))
    },
    async windowPlace() {
      const text = await xdotool('getwindowgeometry', '--shell', await ours())
      const of = (name: string): number => Number(new RegExp(`^${name}=(-?\\d+)$`, 'm').exec(text)?.[1])
      return { x: of('X'), y: of('Y'), width: of('WIDTH'), height: of('HEIGHT') }
    },
    activeWindow,
    async openOther() {
      const other = startDrivenProgram(
        scope,
        'xmessage',
        ['-title', 'other program', 'other program'],
        { cwd: folder, env },
        () => ({}),
      )
      scope.add(() => void signalProcess(other.mark, 'SIGTERM'))
      return waitUntil('another window', async () => {
        const id = (await xdotool('search', '--onlyvisible', '--name', 'other program')).trim()
        return (await activeWindow()) === id && id !== '' ? id : null
      })
    },
    picture: async (file) => void (await run('import', ['-window', 'root', file], { env })),
  }
}

/** Waits for the window manager: it places only the windows that are opened after its start. */
function untilManaged(env: NodeJS.ProcessEnv): Promise<boolean> {
  return waitUntil('the window manager', async () => {
    const { stdout } = await run('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], { env })
    return stdout.includes('window id')
  })
}

/**
 * Xvfb chooses a free display number and writes it to the given descriptor. Without `-noreset` it would restart when its last client
 * disconnects, and the window manager, starting just then, would find no display.
 */
async function startXvfb(scope: Scope, folder: string, size: string): Promise<string> {
  const xvfb = startDrivenProgram(
    scope,
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'],
    { cwd: folder, env: process.env },
    (line) => ({ display: Number(line) }),
  )
  scope.add(() => void signalProcess(xvfb.mark, 'SIGTERM'))
  const { display } = await xvfb.said((message) => 'display' in message)
  return `:${String(display)}`
}
