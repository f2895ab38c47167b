// `extension`: what the native window starts. Its handshake comes on stdin. If this user's backend runs, the window is handed
// over to it and this process goes; else this process is the backend, for as long as the window is there.
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { type Handshake, handshakeSchema } from '#contract/window'
import { findBackend } from '../backend-client.ts'
import type { Attached, ServeOptions, Serving } from '../main.ts'
import { stateFolder } from '../os/paths.ts'
import { pageFolder } from './product.ts'
import type { Terminal } from './terminal.ts'

const MAX_HANDSHAKE = 16 * 1024
/** Without a window: whether the setting still says so. */
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

/** `extension`: resolves when the window was handed over, or when its own backend is wanted no more. AppError `wrong-use` without a handshake. */
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

/** At the usual port, else at any: the window is told where, and must not stay empty because of a stranger. */
async function serveSomewhere(options: Omit<ServeOptions, 'port'>): Promise<Serving | Attached> {
  // Loaded only where it is needed: a window whose backend runs waits for nothing else.
  const { serve } = await import('../main.ts')
  try {
    return await serve({ ...options, port: null })
  } catch (error) {
    if (!(error instanceof AppError) || !/^port-(taken|forbidden)$/.test(error.code)) throw error
    process.stderr.write(`${error.message} Another one is taken.\n`)
    return serve({ ...options, port: 0 })
  }
}

async function serveWindow(serving: Serving, handshake: Handshake, stopped: Promise<void>): Promise<void> {
  try {
    await serving.windows.adopt(handshake)
    // Whoever reads what we write goes with the window.
    process.stderr.on('error', () => undefined)
    await Promise.race([untilUnwanted(serving), stopped])
  } finally {
    await serving.close()
  }
}

/** Resolves when no window is there and nobody wants the watch to go on without. */
async function untilUnwanted({ windows, keepsWatching }: Serving): Promise<void> {
  const isThere = (): boolean => windows.origins().size > 0
  do {
    await windows.gone()
    while (!isThere() && keepsWatching()) await sleep(ASK_EVERY_MS)
  } while (isThere())
}
