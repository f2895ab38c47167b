// Showing the native window: the one that is there, else a new one, its runtime fetched first where that is needed. A person waits
// for it: what most starts do without is loaded where it is needed (bench/start.ts).
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { findNativeRuntime } from '../os/native-runtime.ts'
import { canBeLean, hasBundle, hasScreen, startNativeWindow } from '../os/native-window.ts'
import { stateFolder } from '../os/paths.ts'
import type { Progress } from '../os/runtime/download.ts'
import { secureFolder } from '../os/state-file.ts'
import { productCommand, runtimeFolder, windowBundle } from './product.ts'
import { findRunning, type RunningBackend } from './running-backend.ts'
import type { Terminal } from './terminal.ts'

const READY_MS = 20_000
const ASK_EVERY_MS = 150

/** What a program said last before it ended: its own sentence is better than ours. */
export async function lastWords(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n')
  return lines.at(-1) ?? ''
}

/**
 * True when the window is there, in front, with the tab of TARGET. False: there can be none here, and one line said why.
 * `running`: the backend that runs already; null: none does.
 */
export async function showWindow(
  target: string | undefined,
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

/** The window is there, and what it shall show is not. */
const isOfTarget = ({ code }: AppError): boolean =>
  code === 'instance-not-found' || code === 'target-ambiguous'

/** Brings the window of the running backend to the front, with that tab; false: it has none, or `hasPage` is wanted and has not come. */
async function raise(
  running: RunningBackend,
  wanted: 'isShown' | 'hasPage',
  target: string | undefined,
  terminal: Terminal,
): Promise<boolean> {
  if (!(await running.showWindow(null))[wanted]) return false
  if (target === undefined) return true
  const { findInstance } = await import('./source.ts')
  const { id } = await findInstance(running, target, terminal)
  return (await running.showWindow(id))[wanted]
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
  const { fetchNativeRuntime } = await import('../os/runtime/fetch-runtime.ts')
  return withProgress(terminal, (onProgress) => fetchNativeRuntime(place, { onProgress }))
}

const inMegabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

/** Tells a person how far it is, in one line that is written anew; a log file learns of the beginning only. */
async function withProgress<Result>(
  { isInteractive, writeError }: Terminal,
  fetch: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  let line = ''
  const tell = (text: string): void => {
    if (text === line || (line !== '' && !isInteractive)) return
    writeError(isInteractive ? `\r${text}` : `${text}\n`)
    line = text
  }
  try {
    return await fetch(({ receivedBytes, totalBytes }) => {
      const total = totalBytes === null ? '' : ` of ${inMegabytes(totalBytes)}`
      tell(`Getting the window's runtime, once: ${inMegabytes(receivedBytes)}${total} MB`)
    })
  } finally {
    if (line !== '' && isInteractive) writeError('\n')
  }
}

/** AppError `window-not-started` with the window's last words. Lean where that draws its page, else as the web engine comes. */
async function start(runtime: string, target: string | undefined, terminal: Terminal): Promise<void> {
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
  target: string | undefined,
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
    // Its page must be there: a web engine that cannot draw leaves a window that stays empty.
    if (running && (await raise(running, 'hasPage', target, terminal))) return
    if (window.hasEnded())
      throw new AppError('window-not-started', { words: await lastWords(logFile), logFile })
  }
  // It may stand there empty: what is shown instead is the page in the browser.
  const { endOwnProcess } = await import('../os/end-own-process.ts')
  await endOwnProcess(window.pid, platform)
  throw new AppError('window-not-started', {
    words: `It was not ready after ${READY_MS / 1000} s.`,
    logFile,
  })
}
