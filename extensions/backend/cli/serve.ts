// `serve`: the backend in this process, until it is told to stop.

import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { SCHEMA_VERSION } from '#contract/instance'
import { findBackend } from '../backend-client.ts'
import { serve } from '../main.ts'
import { stateFolder } from '../os/paths.ts'
import { endBackend } from './end-backend.ts'
import { parseFlags, portFlag, switchFlag } from './flags.ts'
import { pageFolder, productVersion } from './product.ts'
import type { Terminal } from './terminal.ts'

const flagsSchema = z.object({ json: switchFlag, port: portFlag, stop: switchFlag })

/** The line that `serve --json` and `demo --json` print when they are ready. */
export function readyLine(ready: { url: string; openUrl: string; pid: number; version: string }): string {
  const { url, openUrl, pid, version } = ready
  return `${JSON.stringify({ schema: SCHEMA_VERSION, url, openUrl, pid, version })}\n`
}

/** `serve --stop`: ends the backend that runs, whoever started it. */
async function stopRunning({ env, platform, write }: Terminal): Promise<void> {
  const running = await findBackend(stateFolder(env, platform))
  if (!running) throw new AppError('backend-not-running')
  await endBackend(running, platform)
  write(`Serena Deck (process ${running.pid}) has ended.\n`)
}

/** `serve`: the backend without a window, until it is stopped. */
export async function runServe(flags: unknown, terminal: Terminal): Promise<void> {
  const { json, port, stop } = parseFlags(flagsSchema, flags)
  const { env, platform } = terminal
  if (stop) {
    if (json || port != null) throw new AppError('wrong-use', { issue: '--stop takes no other option.' })
    return stopRunning(terminal)
  }
  const stopped = terminal.untilStopped()
  const running = await serve({ env, platform, port: port ?? null, pageFolder })
  if ('attached' in running) {
    // Our own backend serves already: whoever asked for one has one, and this process is not needed.
    const { openUrl } = running
    const attached = { schema: SCHEMA_VERSION, attached: true, url: openUrl.replace(/#.*$/, ''), openUrl }
    terminal.write(
      json ? `${JSON.stringify(attached)}\n` : 'Serena Deck runs already; see `serena-deck open`.\n',
    )
    return
  }
  if (json) terminal.write(readyLine(running))
  // Into a log file no nonce is written; a person at a terminal gets one to click.
  else if (terminal.isInteractive) terminal.write(`Serena Deck ${productVersion}: ${running.openUrl}\n`)
  else
    terminal.write(
      `Serena Deck ${productVersion} serves at ${running.url}; see it with \`serena-deck open\`.\n`,
    )
  await stopped
  await running.close()
}
