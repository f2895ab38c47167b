// `serve`: the backend in this process, until it is stopped.

import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { COMMAND_VERSION } from '#contract/versions'
import { findBackend } from '../access/backend-client.ts'
import { pageFolder, productVersion } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import { serve } from '../serving/serve.ts'
import { endBackend } from './end-backend.ts'
import { parseFlags, portFlag, switchFlag } from './flags.ts'

const flagsSchema = z.object({ json: switchFlag, port: portFlag(), stop: switchFlag })

/** Returns the line that `serve --json` and `demo --json` print when they are ready. */
export function readyText(ready: { url: string; openUrl: string; pid: number; version: string }): string {
  const { url, openUrl, pid, version } = ready
  return `${JSON.stringify({ schema: COMMAND_VERSION, url, openUrl, pid, version })}\n`
}

/** Runs `serve --stop`: stops the running backend, also one that another command started. */
async function stopRunning({ env, platform, write }: Terminal): Promise<void> {
  const running = await findBackend(stateFolder(env, platform))
  if (!running) throw new AppError('backend-not-running')
  await endBackend(running, platform)
  write(`Serena Deck (process ${running.pid}) was stopped.\n`)
}

/** Runs the backend without a window, until it is stopped. */
export async function runServe(flags: unknown, terminal: Terminal): Promise<void> {
  const { json, port, stop } = parseFlags(flagsSchema, flags)
  const { env, platform } = terminal
  if (stop) {
    if (json || port != null)
      throw new AppError('wrong-use', { issue: '--stop cannot be combined with other options.' })
    return stopRunning(terminal)
  }
  const stopped = terminal.untilStopped()
  const running = await serve({ env, platform, port: port ?? null, pageFolder })
  if ('attached' in running) {
    // The backend of this user is already running: this process is not needed.
    const { openUrl } = running
    const attached = { schema: COMMAND_VERSION, attached: true, url: openUrl.replace(/#.*$/, ''), openUrl }
    terminal.write(
      json
        ? `${JSON.stringify(attached)}\n`
        : 'Serena Deck is already running. Run `serena-deck open` to see it.\n',
    )
    return
  }
  if (json) terminal.write(readyText(running))
  // A log file must not contain a nonce; an interactive terminal gets an address to click.
  else if (terminal.isInteractive) terminal.write(`Serena Deck ${productVersion}: ${running.openUrl}\n`)
  else
    terminal.write(
      `Serena Deck ${productVersion} is running at ${running.url}. Run \`serena-deck open\` to see it.\n`,
    )
  await stopped
  await running.close()
}
