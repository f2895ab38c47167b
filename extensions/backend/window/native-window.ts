// Starts the native window. Its environment contains what it needs to start its extension: neither a desktop session nor the window's
// configuration knows where Node is.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startDetached } from '../os/detached.ts'

/** Name of the window's process on Linux. */
export const WINDOW_NAME = 'serena-deck'

export interface WindowStart {
  /** The runtime's program. */
  runtime: string
  /** Folder with `resources.neu` (the page and the window's configuration) and the script that starts the backend. */
  bundleFolder: string
  /** Starts our command line. */
  command: readonly [string, ...string[]]
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  logFile: string
  /** False: without `leanEnvironment`, for a desktop on which the window would stay empty. */
  isLean: boolean
}

/** Returns true where a window can be shown. */
export function hasScreen(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

const START_SCRIPT = 'start-backend.sh'

export const hasBundle = (bundleFolder: string): boolean =>
  ['resources.neu', START_SCRIPT].every((name) => existsSync(join(bundleFolder, name)))

/** Starts the window, which outlives this process. Rejects when the program cannot be started. */
export function startNativeWindow(start: WindowStart): Promise<{ pid: number; hasEnded: () => boolean }> {
  const { runtime, bundleFolder, command, platform, logFile, isLean } = start
  const env = isLean ? leanEnvironment(start.env, platform) : { ...start.env, SERENA_DECK_LEAN: '' }
  const [node, cli = ''] = command
  return startDetached({
    file: runtime,
    // GTK derives names from it: the window's class, by which a desktop finds our entry and icon, and WebKit's folders.
    ...(platform === 'linux' && { name: WINDOW_NAME }),
    // Never `directory`: then the runtime serves any file by its path, to every program on this machine.
    args: ['--res-mode=bundle', `--path=${bundleFolder}`],
    env: {
      ...env,
      SERENA_DECK_NODE: node,
      SERENA_DECK_CLI: cli,
      SERENA_DECK_START_SCRIPT: join(bundleFolder, START_SCRIPT),
    },
    logFile,
  })
}

/** JavaScript is interpreted, not compiled: 10 to 20 MiB less, and 4 to 12 % more CPU time of the page's process. */
const NO_COMPILER = { JSC_useJIT: '0' }
/** The default limit of glibc, which it would raise: freed memory goes back to the system. The backend sets its own (small-memory.ts). */
const SMALL_MALLOC = { MALLOC_TRIM_THRESHOLD_: '131072' }
/**
 * Frames come from the page's process through shared memory instead of DMA-BUF (88 MiB less). The window itself then draws nothing
 * by OpenGL and need not load its drivers (16 MiB less where they contain LLVM).
 */
const NO_OPENGL = {
  WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  WEBKIT_WEB_RENDER_DEVICE_FILE: '/dev/dri/renderD128',
  GDK_GL: 'disable',
}

/**
 * Returns the environment that makes WebKitGTK smaller without a visible difference (docs/dev/performance.md). A variable that the user
 * has set counts, and with one of those for OpenGL none of ours is set. `SERENA_DECK_LEAN` lists ours, so that start-backend.sh can
 * unset them for the backend.
 */
export function leanEnvironment(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): NodeJS.ProcessEnv {
  if (platform !== 'linux') return env
  const groups: readonly Record<string, string>[] = [SMALL_MALLOC, NO_COMPILER, NO_OPENGL]
  const ours = groups.filter((group) => Object.keys(group).every((name) => !env[name]))
  const lean = Object.fromEntries(ours.flatMap((group) => Object.entries(group)))
  return { ...env, ...lean, SERENA_DECK_LEAN: Object.keys(lean).join(' ') }
}

/** Returns true where `leanEnvironment` sets something. */
export const canBeLean = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean =>
  Boolean(leanEnvironment(env, platform)['SERENA_DECK_LEAN'])
