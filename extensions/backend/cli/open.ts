// `open`: shows the page of the running backend; starts a backend first if none is running.
import { join } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { ALL_TAB, viewProblem } from '#contract/views'
import { visibleLine } from '#contract/visible-text'
import { findRunning, type RunningBackend } from '../access/running-backend.ts'
import { lastLogLine, showWindow } from '../access/show-window.ts'
import { cliProgram } from '../lib/product.ts'
import { startDetached } from '../os/detached.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { openInBrowser } from '../os/open-in-browser.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, portFlag, switchFlag } from './flags.ts'

const flagsSchema = z.object({
  print: switchFlag,
  hidden: switchFlag,
  browser: switchFlag,
  port: portFlag(),
  view: z.optional(z.string()),
})
const READY_MS = 20_000
const ASK_EVERY_MS = 100

async function startBackend({ env, platform }: Terminal, port: number | null): Promise<RunningBackend> {
  const folder = stateFolder(env, platform)
  secureFolder(folder)
  const logFile = join(folder, 'serve.log')
  const args = [cliProgram, 'serve', ...(port === null ? [] : ['--port', String(port)])]
  const started = await startDetached({ file: process.execPath, args, env, logFile })
  const deadline = performance.now() + READY_MS
  while (performance.now() < deadline) {
    const running = await findRunning(env, platform)
    if (running) return running
    if (started.hasEnded())
      throw new AppError('backend-not-started', { words: await lastLogLine(logFile), logFile })
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
  throw new AppError('backend-not-started', {
    words: `it was not ready after ${READY_MS / 1000} s.`,
    logFile,
  })
}

/** Opens the address in the browser, or prints it if there is no browser. */
export async function showAddress(openUrl: string, folder: string, terminal: Terminal): Promise<void> {
  const { env, platform } = terminal
  const address = openUrl.replace(/#.*$/, '')
  if (await openInBrowser(openUrl, { stateFolder: folder, env, platform })) {
    terminal.write(
      `Serena Deck opens in the browser at ${address}. If no page appears, run \`serena-deck open --print\`.\n`,
    )
  } else {
    terminal.write(`Open this address in a browser within 60 seconds: ${openUrl}\n`)
  }
}

/** Returns the id of the instance that TARGET names. AppError `instance-not-found` or `target-ambiguous`. */
async function idOf(target: string, terminal: Terminal): Promise<string> {
  const { findInstance, withSource } = await import('../access/with-source.ts')
  return withSource(terminal, async (source) => (await findInstance(source, target, terminal)).id)
}

/** Returns `.ID.VIEW`, the part of an address after the nonce. */
async function fragmentOf(
  target: string | undefined,
  view: string | undefined,
  terminal: Terminal,
): Promise<string> {
  if (target === undefined && view === undefined) return ''
  const tab = target === undefined ? ALL_TAB : await idOf(target, terminal)
  return [`.${tab}`, ...(view === undefined ? [] : [view])].join('.')
}

/** Shows the window or the page, and starts the backend if none is running. */
export async function runOpen(target: string | undefined, flags: unknown, terminal: Terminal): Promise<void> {
  const { print, hidden, browser, port, view } = parseFlags(flagsSchema, flags)
  const problem = view === undefined ? null : viewProblem(visibleLine(view), target === undefined)
  if (problem !== null) throw new AppError('wrong-use', { issue: problem })
  const { env, platform } = terminal
  const running = await findRunning(env, platform)
  if (print && running === null) throw new AppError('backend-not-running')
  if (!print && !hidden && !browser) {
    if (await showWindow({ instance: target, view }, running, terminal))
      return terminal.write('Serena Deck is open.\n')
  }
  // Before a backend is started: an unknown target must not start one.
  const tab = hidden ? '' : await fragmentOf(target, view, terminal)
  const found = running ?? (await findRunning(env, platform))
  const backend = found ?? (await startBackend(terminal, port ?? null))
  if (!hidden) {
    const openUrl = (await backend.openUrl()) + tab
    if (print) terminal.write(`${openUrl}\n`)
    else await showAddress(openUrl, stateFolder(env, platform), terminal)
  }
  if (!found)
    terminal.write('The backend continues in the background; `serena-deck serve --stop` stops it.\n')
  await backend.close()
}
