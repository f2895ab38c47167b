// Shows the native window: the open one, or a new one, after a download of its runtime if needed. The user waits for it: code that most
// starts do not need is loaded on demand (bench/start.ts).
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { ALL_TAB } from '#contract/views'
import { productCommand, runtimeFolder, windowBundle } from '../lib/product.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import { findNativeRuntime } from '../window/native-runtime.ts'
import { canBeLean, hasBundle, hasScreen, startNativeWindow } from '../window/native-window.ts'
import type { Progress } from '../window/runtime/download.ts'
import { findRunning, type RunningBackend } from './running-backend.ts'

const READY_MS = 20_000
const ASK_EVERY_MS = 150

/** What the window shows; both absent: what it showed before. */
export interface PageTarget {
  /** TARGET; absent with a view: the tab All. */
  instance?: string | undefined
  view?: string | undefined
}

/** Returns the last line of a program's log: it usually contains the reason for the exit. */
export async function lastLogLine(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n')
  return lines.at(-1) ?? ''
}

/**
 * Returns true when the window is open, in front, with the tab of TARGET. False: no window is possible here; the reason was printed in
 * one line. `running`: the running backend; null: none.
 */
export async function showWindow(
  target: PageTarget,
  running: RunningBackend | null,
  terminal: Terminal,
): Promise<boolean> {
  if (running && (await raise(running, 'isShown', target, terminal))) return true
  const { env, platform } = terminal
  if (!hasScreen(env, platform) || !hasBundle(windowBundle)) return false
  try {
    await start(await runtimeFor(terminal), target, terminal)
    return true
  } catch (error) {
    if (!(error instanceof AppError) || isOfTarget(error)) throw error
    terminal.writeError(`No window: ${error.message} ${error.fix}\n`)
    return false
  }
}

/** Returns whether the window is open but the requested instance does not exist. */
const isOfTarget = ({ code }: AppError): boolean =>
  code === 'instance-not-found' || code === 'target-ambiguous'

/** Brings the window of the running backend to the front, with that tab; false: there is none, or `hasPage` is required but missing. */
async function raise(
  running: RunningBackend,
  wanted: 'isShown' | 'hasPage',
  target: PageTarget,
  terminal: Terminal,
): Promise<boolean> {
  if (!(await running.showWindow(null))[wanted]) return false
  const { instance, view } = target
  if (instance === undefined && view === undefined) return true
  return (await running.showWindow(await tabOf(instance, running, terminal), view))[wanted]
}

async function tabOf(
  instance: string | undefined,
  running: RunningBackend,
  terminal: Terminal,
): Promise<string> {
  if (instance === undefined) return ALL_TAB
  const { findInstance } = await import('./with-source.ts')
  return (await findInstance(running, instance, terminal)).id
}

async function runtimeFor(terminal: Terminal): Promise<string> {
  const place = {
    env: terminal.env,
    platform: terminal.platform,
    arch: process.arch,
    beside: runtimeFolder,
  }
  const found = findNativeRuntime(place)
  if (found !== null) return found
  const { fetchNativeRuntime } = await import('../window/runtime/fetch-runtime.ts')
  return withProgress(terminal, (onProgress) => fetchNativeRuntime(place, { onProgress }))
}

const inMegabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

/** Shows the progress in one line that is rewritten; a log file gets the first one only. */
async function withProgress<Result>(
  { isInteractive, writeError }: Terminal,
  fetch: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  let line = ''
  const show = (text: string): void => {
    if (text === line || (line !== '' && !isInteractive)) return
    writeError(isInteractive ? `\r${text}` : `${text}\n`)
    line = text
  }
  try {
    return await fetch(({ receivedBytes, totalBytes }) => {
      const total = totalBytes === null ? '' : ` of ${inMegabytes(totalBytes)}`
      show(`Downloading the window runtime (first start only): ${inMegabytes(receivedBytes)}${total} MB`)
    })
  } finally {
    if (line !== '' && isInteractive) writeError('\n')
  }
}

/**
 * Starts the window with the lean environment if its page is drawn then, otherwise with the web engine's defaults.
 * AppError `window-not-started` with the last line of the window's log.
 */
async function start(runtime: string, target: PageTarget, terminal: Terminal): Promise<void> {
  try {
    await startAs({ isLean: true }, runtime, target, terminal)
  } catch (error) {
    const isOurs = error instanceof AppError && error.code === 'window-not-started'
    if (!isOurs || !canBeLean(terminal.env, terminal.platform)) throw error
    await startAs({ isLean: false }, runtime, target, terminal)
  }
}

async function startAs(
  { isLean }: { isLean: boolean },
  runtime: string,
  target: PageTarget,
  terminal: Terminal,
): Promise<void> {
  const { env, platform } = terminal
  const folder = stateFolder(env, platform)
  secureFolder(folder)
  const logFile = join(folder, 'window.log')
  const window = await startNativeWindow({
    runtime,
    bundleFolder: windowBundle,
    command: productCommand,
    env,
    platform,
    logFile,
    isLean,
  }).catch((cause: unknown) => {
    throw new AppError('window-not-started', { words: String(cause), logFile }, { cause })
  })
  for (const end = performance.now() + READY_MS; performance.now() < end; await sleep(ASK_EVERY_MS)) {
    const running = await findRunning(env, platform)
    // Its page must be loaded: a web engine that cannot draw leaves an empty window.
    if (running && (await raise(running, 'hasPage', target, terminal))) return
    if (window.hasEnded())
      throw new AppError('window-not-started', { words: await lastLogLine(logFile), logFile })
  }
  // Its window may be empty: the browser shows the page instead.
  const { endOwnProcess } = await import('../os/end-own-process.ts')
  await endOwnProcess(window.pid, platform)
  throw new AppError('window-not-started', {
    words: `it was not ready after ${READY_MS / 1000} s.`,
    logFile,
  })
}
