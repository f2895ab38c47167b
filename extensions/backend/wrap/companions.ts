// What runs beside the connection: the watch of the client, the registry entry, the shared dashboard, the idle shutdown.
import { isSea } from 'node:sea'
import { loadLightEnder } from '../os/light-ender.ts'
import { onlyHomes, stateFolder } from '../os/paths.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { processName } from '../os/process-name.ts'
import type { ClientStdio } from './client-connection.ts'
import { type ClientEnding, watchClient } from './client-ending.ts'
import { clientNameIn } from './client-name.ts'
import { watchIdle } from './idle-watch.ts'
import { type Registration, registerWrapped } from './registration.ts'
import { startBackendForOpening } from './start-backend.ts'
import type { ToolCalls } from './tool-calls.ts'
import type { WrapFlags } from './wrap-arguments.ts'
import { messageOf, say } from './wrap-messages.ts'
import type { WrapSettings } from './wrap-settings.ts'

const MINUTE_MS = 60_000

export interface WrapRun {
  settings: WrapSettings
  /** As given on the command line. */
  flags: WrapFlags
  serenaHome: string
  parentPid: number
}

export interface WrapSession {
  connection: ClientStdio
  /** Null: its idle time does not matter. */
  calls: ToolCalls | null
  /** The started process: Serena, or its launcher; null: it has exited. */
  startedPid(): number | null
  closeInput(): void
}

export interface Companions {
  /** Rejects if one of them could not be started. */
  readonly ready: Promise<void>
  /** Resolves when nothing keeps this process from its end: the client has all output, or has exited. */
  finish(): Promise<void>
}

type List = () => Promise<ProcessTable>

/** Starts them; `now`: the clock of the calls. */
export function startCompanions(run: WrapRun, session: WrapSession, now: () => number): Companions {
  const { connection, calls, startedPid } = session
  let ending: ClientEnding | null = null
  let registration: Registration | null = null
  /** The record of the idle shutdown. */
  let recording: Promise<void> | null = null

  async function begin(): Promise<void> {
    const ender = await loadLightEnder()
    const list: List = () => ender.list()
    ending = await watchClient({
      ender,
      parentPid: run.parentPid,
      startedPid,
      lastHeardAtMs: connection.lastHeardAtMs,
      closeInput: session.closeInput,
      reportLeftRunning: (programs) => reportLeftRunning(programs, connection),
      onFault: (error) => say(connection, String(error)),
    })
    const client = ending.chain?.client ?? null
    const opening = openBackend(run.settings, client?.pid ?? null, list)
    registration = register(run, session, client, list)
    const { idleShutdownMinutes: minutes } = run.settings
    if (calls && minutes !== null)
      watchIdle(calls, minutes * MINUTE_MS, now, () => {
        recording = endIdle(`No tool was called for ${minutes} min.`, list)
      })
    await Promise.all([registration?.done, opening])
  }

  async function endIdle(why: string, list: List): Promise<void> {
    const entry = registration?.read() ?? null
    ending?.end()
    say(connection, why)
    if (entry === null) return
    try {
      const { recordIdleEnd } = await import('./idle-record.ts')
      await recordIdleEnd({ entry, why, stateFolder: ownStateFolder(), list })
    } catch (error) {
      say(connection, messageOf(error))
    }
  }

  return {
    ready: begin(),
    async finish() {
      registration?.remove()
      if (ending?.isEnding()) await Promise.all([ending.over, recording])
      await Promise.race([connection.flush(), ending?.over ?? new Promise(() => undefined)])
    },
  }
}

const ownStateFolder = (): string => stateFolder(process.env, process.platform)

/** Null: its page is not wanted. */
function openBackend(
  { isGlobal, opensOnLaunch, globalPort }: WrapSettings,
  clientPid: number | null,
  list: List,
): Promise<void> | null {
  if (!isGlobal || !opensOnLaunch) return null
  return startBackendForOpening({
    stateFolder: ownStateFolder(),
    productCommand: isSea() ? [process.execPath] : [process.execPath, process.argv[1] ?? ''],
    port: globalPort,
    env: process.env,
    clientPid,
    list,
  })
}

/** Null: its home is not one of ours, or cannot be named. */
function register(
  { serenaHome, flags }: WrapRun,
  { connection, startedPid }: WrapSession,
  client: { pid: number; name: string } | null,
  list: List,
): Registration | null {
  const isOurs = onlyHomes(process.env, process.platform)?.includes(serenaHome) ?? true
  if (!isReadable(serenaHome) || !isOurs) return null
  return registerWrapped({
    list,
    serenaHome,
    cwd: process.cwd(),
    flags: { isGlobal: flags.isGlobal, opensOnLaunch: flags.opensOnLaunch },
    startedPid,
    client: () => client && { pid: client.pid, name: clientNameIn(connection.early() ?? []) ?? client.name },
  })
}

/** Returns false for a folder whose path is not UTF-8: Node cannot name it, and would create another one. */
export const isReadable = (folder: string): boolean => !folder.includes('\uFFFD')

/** Names the user's programs that keep running. The text is loaded only when needed. */
async function reportLeftRunning(programs: readonly ProcessFact[], connection: ClientStdio): Promise<void> {
  const { leftRunningText } = await import('#contract/ending')
  const named = programs.map((fact) => ({ pid: fact.pid, name: processName(fact) }))
  say(connection, `Left running: ${leftRunningText(named)}.`)
  await connection.drainStderr()
}
