// `hub start`: starts the hub without waiting for a client, for those that want its URL.
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import type { HubStatus } from '#contract/hub'
import { COMMAND_VERSION } from '#contract/versions'
import { readHttpSettings } from '../hub/http/http-settings.ts'
import { createHubObserver, type HubObserver } from '../hub/hub-client.ts'
import { findHubSocket, prepareHubPlace } from '../hub/hub-place.ts'
import { logTail, startHub } from '../hub/start-hub.ts'
import { hubCommand } from '../lib/product.ts'
import type { Detached } from '../os/detached.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'

const flagsSchema = z.object({ json: switchFlag, http: switchFlag })
const READY_MS = 20_000
const PROBE_MS = 50
const FAILED = 1

/** Runs it; resolves to the exit code. Errors: `hub-not-started`, and those of the hub's folder. */
export async function runHubStart(
  flags: unknown,
  { env, platform, write, writeError }: Pick<Terminal, 'env' | 'platform' | 'write' | 'writeError'>,
): Promise<number> {
  const { json, http } = parseFlags(flagsSchema, flags)
  const folder = stateFolder(env, platform)
  const place = prepareHubPlace(folder)
  const observer = createHubObserver(
    () => findHubSocket(folder, platform),
    () => undefined,
  )
  const isUrlWanted = http || (await readHttpSettings([], env)).isOn
  let started: Detached | null = null
  await observer.renew()
  if (observer.current() === null) {
    const [program, ...args] = hubCommand
    const command = [program, ...args, ...(http ? ['--http'] : [])] as const
    started = await startHub({ place, command, env })
  }
  const status = await untilReady(observer, isUrlWanted && started !== null)
  observer.close()
  if (status === null)
    throw new AppError('hub-not-started', { words: logTail(place.logFile), logFile: place.logFile })
  const { pid, httpUrl, httpFault = null } = status
  write(
    json
      ? `${JSON.stringify({ schema: COMMAND_VERSION, hub: { pid, httpUrl, httpFault } })}\n`
      : `The hub is running (pid ${pid}${httpUrl === null ? '' : `, ${httpUrl}`}).\n`,
  )
  if (!isUrlWanted || httpUrl !== null) return 0
  writeError(
    `${httpFault ?? 'It was started without a URL. Run `serena-deck hub stop`, then start it again.'}\n`,
  )
  return FAILED
}

async function untilReady(observer: HubObserver, isUrlWanted: boolean): Promise<HubStatus | null> {
  const endMs = performance.now() + READY_MS
  for (;;) {
    await observer.renew()
    const status = observer.current()
    const isReady = status !== null && (!isUrlWanted || status.httpUrl !== null || status.httpFault != null)
    if (isReady || performance.now() > endMs) return status
    await sleep(PROBE_MS)
  }
}
