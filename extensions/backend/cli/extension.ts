// `extension`: started by the native window, with its handshake on stdin. If this user's backend is running, the window is handed over
// to it and this process exits; otherwise this process is the backend, as long as the window is open.
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { type Handshake, handshakeSchema } from '#contract/window'
import { findBackend } from '../access/backend-client.ts'
import { pageFolder } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import type { Attached, ServeOptions, Serving } from '../serving/serve.ts'

const MAX_HANDSHAKE = 16 * 1024
/** How often the setting is checked while there is no window. */
const ASK_EVERY_MS = 1_000

async function readHandshake(): Promise<Handshake> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_HANDSHAKE) break
  }
  try {
    return z.parse(handshakeSchema, JSON.parse(text))
  } catch (cause) {
    throw new AppError('wrong-use', { issue: 'Only the window starts `extension`.' }, { cause })
  }
}

/**
 * Runs `extension`; resolves after the handover of the window, or when its own backend is no longer needed. AppError `wrong-use`
 * without a handshake.
 */
export async function runExtension(terminal: Terminal): Promise<void> {
  const { env, platform } = terminal
  const handshake = await readHandshake()
  const stopped = terminal.untilStopped()
  const folder = stateFolder(env, platform)
  const there = await findBackend(folder)
  const running = there ?? (await serveSomewhere({ env, platform, pageFolder }))
  if ('windows' in running) return serveWindow(running, handshake, stopped)
  const backend = there ?? (await findBackend(folder))
  if (!backend) throw new AppError('backend-unreachable')
  await backend.call('adoptWindow', { body: handshake })
}

/** Listens on the usual port, or on any free one if another program uses it: the window receives the actual port. */
async function serveSomewhere(options: Omit<ServeOptions, 'port'>): Promise<Serving | Attached> {
  // Loaded only when needed: a window whose backend is running must not wait for it.
  const { serve } = await import('../serving/serve.ts')
  try {
    return await serve({ ...options, port: null })
  } catch (error) {
    if (!(error instanceof AppError) || !/^port-(taken|forbidden)$/.test(error.code)) throw error
    process.stderr.write(`${error.message} Using another port.\n`)
    return serve({ ...options, port: 0 })
  }
}

async function serveWindow(serving: Serving, handshake: Handshake, stopped: Promise<void>): Promise<void> {
  try {
    await serving.windows.adopt(handshake)
    // The reader of our output exits with the window.
    process.stderr.on('error', () => undefined)
    await Promise.race([untilUnwanted(serving), stopped])
  } finally {
    await serving.close()
  }
}

/** Resolves when there is no window and the setting does not keep the backend in the background. */
async function untilUnwanted({ windows, keepsWatching }: Serving): Promise<void> {
  const isThere = (): boolean => windows.origins().size > 0
  do {
    await windows.untilClosed()
    while (!isThere() && keepsWatching()) await sleep(ASK_EVERY_MS)
  } while (isThere())
}
