// Starting the native window. What it needs to start its extension stands in its environment: neither a desktop session nor its
// configuration knows where Node is.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SMALL_MALLOC } from '../lib/small-heap.ts'
import { startDetached } from './detached.ts'

/** What the window's process is called on Linux. */
export const WINDOW_NAME = 'serena-deck'

export interface WindowStart {
  /** The runtime's program. */
  runtime: string
  /** Folder with resources.neu: the page and the window's configuration. */
  bundleFolder: string
  /** Starts our command line. */
  command: readonly [string, ...string[]]
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  logFile: string
  /** False: without `leanEnvironment`, for a desktop on which that draws nothing. */
  isLean: boolean
}

/** True where a window can be shown at all. */
export function hasScreen(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

export const hasBundle = (bundleFolder: string): boolean => existsSync(join(bundleFolder, 'resources.neu'))

/** Starts it; it outlives us. Rejects when the program cannot be run. */
export function startNativeWindow(start: WindowStart): Promise<{ pid: number; hasEnded: () => boolean }> {
  const { runtime, bundleFolder, command, platform, logFile, isLean } = start
  const env = isLean ? leanEnvironment(start.env, platform) : { ...start.env, SERENA_DECK_LEAN: '' }
  const [node, cli = ''] = command
  return startDetached({
    file: runtime,
    // GTK takes its name from there: that of the window's class, by which a desktop finds our entry and its icon, and that of
    // the folders in which WebKit keeps its own.
    ...(platform === 'linux' && { name: WINDOW_NAME }),
    // Never `directory`: there the runtime serves any file whose path it is given, to anybody on this machine.
    args: ['--res-mode=bundle', `--path=${bundleFolder}`],
    env: { ...env, SERENA_DECK_NODE: node, SERENA_DECK_CLI: cli },
    logFile,
  })
}

/** JavaScript interpreted instead of compiled: 10 to 20 MiB less; the page's process uses 4 to 12 % more CPU time for it. */
const NO_COMPILER = { JSC_useJIT: '0' }
/**
 * Pictures come from the page's process through shared memory instead of DMA-BUF (88 MiB less). Then the window itself draws
 * nothing by OpenGL, and need not load its drivers, only to choose a device that nobody uses (16 MiB less, where they bring LLVM).
 */
const NO_OPENGL = {
  WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  WEBKIT_WEB_RENDER_DEVICE_FILE: '/dev/dri/renderD128',
  GDK_GL: 'disable',
}

/**
 * What makes WebKitGTK smaller without showing it (docs/performance.md). Whoever set such a variable knows better: then theirs
 * stands, and of those for OpenGL none of ours. `SERENA_DECK_LEAN` names ours, so that the extension's shell can take them out
 * again: they are no business of the programs that the backend starts. `SMALL_MALLOC` is for the backend as well, and stays.
 */
export function leanEnvironment(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): NodeJS.ProcessEnv {
  if (platform !== 'linux') return env
  const groups: readonly Record<string, string>[] = [NO_COMPILER, NO_OPENGL]
  const ours = groups.filter((group) => Object.keys(group).every((name) => !env[name]))
  const lean = Object.fromEntries(ours.flatMap((group) => Object.entries(group)))
  return { ...SMALL_MALLOC, ...env, ...lean, SERENA_DECK_LEAN: Object.keys(lean).join(' ') }
}

/** True where `leanEnvironment` sets something. */
export const canBeLean = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean =>
  Boolean(leanEnvironment(env, platform)['SERENA_DECK_LEAN'])
