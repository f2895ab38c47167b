// `open`: shows the page of the running backend, and starts one first when there is none.
import { join } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { SMALL_MALLOC } from '../lib/small-heap.ts'
import { startDetached } from '../os/detached.ts'
import { openInBrowser } from '../os/open-in-browser.ts'
import { stateFolder } from '../os/paths.ts'
import { secureFolder } from '../os/state-file.ts'
import { parseFlags, portFlag, switchFlag } from './flags.ts'
import { cliProgram } from './product.ts'
import { findRunning, type RunningBackend } from './running-backend.ts'
import { lastWords, showWindow } from './show-window.ts'
import type { Terminal } from './terminal.ts'

const flagsSchema = z.object({ print: switchFlag, hidden: switchFlag, browser: switchFlag, port: portFlag })
const READY_MS = 20_000
const ASK_EVERY_MS = 100

async function startBackend({ env, platform }: Terminal, port: number | null): Promise<RunningBackend> {
  const folder = stateFolder(env, platform)
  secureFolder(folder)
  const logFile = join(folder, 'serve.log')
  const args = [cliProgram, 'serve', ...(port === null ? [] : ['--port', String(port)])]
  const started = await startDetached({
    file: process.execPath,
    args,
    env: { ...SMALL_MALLOC, ...env },
    logFile,
  })
  const deadline = performance.now() + READY_MS
  while (performance.now() < deadline) {
    const running = await findRunning(env, platform)
    if (running) return running
    if (started.hasEnded())
      throw new AppError('backend-not-started', { words: await lastWords(logFile), logFile })
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
  throw new AppError('backend-not-started', {
    words: `It was not ready after ${READY_MS / 1000} s.`,
    logFile,
  })
}

/** Opens the address in the browser, or tells it when there is none. */
export async function showAddress(openUrl: string, folder: string, terminal: Terminal): Promise<void> {
  const { env, platform } = terminal
  const address = openUrl.replace(/#.*$/, '')
  if (await openInBrowser(openUrl, { stateFolder: folder, env, platform })) {
    terminal.write(
      `Serena Deck opens in the browser at ${address} (no page? \`serena-deck open --print\`).\n`,
    )
  } else {
    terminal.write(`Open this address in a browser within a minute: ${openUrl}\n`)
  }
}

/** AppError `instance-not-found`, `target-ambiguous`. */
async function idOf(target: string, terminal: Terminal): Promise<string> {
  const { findInstance, withSource } = await import('./source.ts')
  return withSource(terminal, async (source) => (await findInstance(source, target, terminal)).id)
}

/** `open [TARGET]`: shows the window or the page, and starts the backend where none runs. */
export async function runOpen(target: string | undefined, flags: unknown, terminal: Terminal): Promise<void> {
  const { print, hidden, browser, port } = parseFlags(flagsSchema, flags)
  const { env, platform } = terminal
  const running = await findRunning(env, platform)
  if (print && running === null) throw new AppError('backend-not-running')
  if (!print && !hidden && !browser) {
    if (await showWindow(target, running, terminal)) return terminal.write('Serena Deck is open.\n')
  }
  // Before a backend is started: for a target that is not there nothing is.
  const tab = hidden || target === undefined ? '' : `.${await idOf(target, terminal)}`
  const found = running ?? (await findRunning(env, platform))
  const backend = found ?? (await startBackend(terminal, port ?? null))
  if (!hidden) {
    const openUrl = (await backend.openUrl()) + tab
    if (print) terminal.write(`${openUrl}\n`)
    else await showAddress(openUrl, stateFolder(env, platform), terminal)
  }
  if (!found) terminal.write('It goes on watching in the background; `serena-deck serve --stop` ends it.\n')
  await backend.close()
}
