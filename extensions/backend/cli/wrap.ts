// `wrap`: runs a Serena for an MCP client and passes its stdio through byte for byte. It runs beside every Serena and must stay small:
// it imports only what it needs (docs/dev/performance.md has the figures).
import { constants } from 'node:os'
import { isSea } from 'node:sea'
import { AppError, ERRORS } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { loadLightEnder } from '../os/light-ender.ts'
import { defaultSerenaHome, onlyHomes, stateFolder } from '../os/paths.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { processName } from '../os/process-name.ts'
import { signalSelf } from '../os/signals.ts'
import { type ClientStdio, openClientStdio } from '../wrap/client-connection.ts'
import { type ClientEnding, watchClient } from '../wrap/client-ending.ts'
import { clientNameIn } from '../wrap/client-name.ts'
import { watchIdle } from '../wrap/idle-watch.ts'
import { createMessageLines } from '../wrap/message-lines.ts'
import { readOwnArguments } from '../wrap/raw-arguments.ts'
import { readHomeFully } from '../wrap/read-home.ts'
import { type Registration, registerWrapped } from '../wrap/registration.ts'
import { startBackendForOpening } from '../wrap/start-backend.ts'
import { writeError } from '../wrap/stdio-streams.ts'
import { suppressDashboard, UNKNOWN_FLAG_CODE } from '../wrap/suppress-dashboard.ts'
import { createToolCalls, type ToolCalls } from '../wrap/tool-calls.ts'
import { type Command, parseWrapArguments, type WrapFlags } from '../wrap/wrap-arguments.ts'
import { readWrapSettings, type WrapSettings } from '../wrap/wrap-settings.ts'
import { type Ended, startWrapped, type WrappedProgram, type WrappedStart } from '../wrap/wrapped-program.ts'

const MINUTE_MS = 60_000
const now = (): number => performance.now()
const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGHUP']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']

/** Runs `wrap` with the words after it, and exits with the exit code or signal of the wrapped program. */
export async function runWrap(words: readonly string[]): Promise<void> {
  // First: the parent may exit a moment later.
  const parentPid = process.ppid
  try {
    const { env } = process
    const { flags, command } = parseWrapArguments(readOwnArguments(words, process.platform))
    const serenaHome = defaultSerenaHome(env, process.platform)
    const settings = await readWrapSettings(flags, serenaHome, readHomeFully)
    for (const problem of settings.problems) print(problem)
    if (!isReadable(serenaHome))
      print('SERENA_HOME is not valid UTF-8: its settings are not read and the instance is not registered.')
    const quiet = settings.isGlobal ? suppressDashboard(command, flags.isGlobal === true) : null
    await runUnderWatch({ command, quiet, settings, flags, serenaHome, parentPid })
  } catch (error) {
    // The open connection would keep this process running.
    process.exit(report(error))
  }
}

/** Node cannot name a folder whose path is not UTF-8: it would create another one. */
const isReadable = (folder: string): boolean => !folder.includes('\uFFFD')

interface Run {
  command: Command
  /** The command that opens no dashboard of its own; null: the command runs unchanged. */
  quiet: Command | null
  settings: WrapSettings
  /** As given on the command line. */
  flags: WrapFlags
  serenaHome: string
  parentPid: number
}

async function runUnderWatch(run: Run): Promise<never> {
  const { command, quiet, settings } = run
  const { env } = process
  const connection = openClientStdio()
  const calls = settings.idleShutdownMinutes === null ? null : createToolCalls(now)
  if (calls) connection.input.on('data', calls.fromClient)
  const split: WrappedStart['split'] = ({ message, other }) =>
    createMessageLines({
      other,
      message(bytes) {
        calls?.fromServer(bytes)
        message(bytes)
      },
    })
  const start = (words: Command): Promise<WrappedProgram> =>
    startWrapped({ command: words, env, connection, split }).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause
      throw new AppError('program-not-started', { program: words[0], issue: issueOf(cause) }, { cause })
    })
  let program: WrappedProgram | null = await start(quiet ?? command)
  for (const signal of FORWARDED) process.on(signal, () => program?.signal(signal))
  const companions = accompany(run, connection, calls, () => program)
  companions.ready.catch((error: unknown) => say(connection, messageOf(error)))

  let ended = await program.ended
  if (quiet !== null && isFlagUnknown(ended, connection)) {
    program = await start(command)
    ended = await program.ended
  }
  program = null
  return companions.end(ended, connection)
}

const isFlagUnknown = ({ code, hadNoOutput }: Ended, { early }: ClientStdio): boolean =>
  code === UNKNOWN_FLAG_CODE && hadNoOutput && early() !== null

interface Companions {
  readonly ready: Promise<void>
  /** Ends this process. */
  end(ended: Ended, connection: ClientStdio): Promise<never>
}

/** Runs beside the connection: the watch of the client, the registry entry, the shared dashboard. */
function accompany(
  run: Run,
  connection: ClientStdio,
  calls: ToolCalls | null,
  program: () => WrappedProgram | null,
): Companions {
  const { env, platform } = process
  let ending: ClientEnding | null = null
  let registration: Registration | null = null
  /** The record of the idle shutdown. */
  let recording: Promise<void> | null = null

  async function begin(): Promise<void> {
    const ender = await loadLightEnder()
    const list = (): ReturnType<typeof ender.list> => ender.list()
    ending = await watchClient({
      ender,
      parentPid: run.parentPid,
      startedPid: () => program()?.runningPid() ?? null,
      lastHeardAtMs: connection.lastHeardAtMs,
      closeInput: () => program()?.closeInput(),
      reportLeftRunning: (programs) => reportLeftRunning(programs, connection),
      onFault: (error) => say(connection, String(error)),
    })
    const client = ending.chain?.client ?? null
    const { isGlobal, opensOnLaunch, globalPort } = run.settings
    const opening =
      isGlobal && opensOnLaunch
        ? startBackendForOpening({
            stateFolder: stateFolder(env, platform),
            productCommand: isSea() ? [process.execPath] : [process.execPath, process.argv[1] ?? ''],
            port: globalPort,
            env,
            clientPid: client?.pid ?? null,
            list,
          })
        : null
    if (isReadable(run.serenaHome) && (onlyHomes(env, platform)?.includes(run.serenaHome) ?? true)) {
      registration = registerWrapped({
        list,
        serenaHome: run.serenaHome,
        cwd: process.cwd(),
        flags: { isGlobal: run.flags.isGlobal, opensOnLaunch: run.flags.opensOnLaunch },
        startedPid: () => program()?.runningPid() ?? null,
        client: () =>
          client && { pid: client.pid, name: clientNameIn(connection.early() ?? []) ?? client.name },
      })
    }
    const { idleShutdownMinutes: minutes } = run.settings
    if (calls && minutes !== null)
      watchIdle(calls, minutes * MINUTE_MS, now, () => {
        recording = endIdle(`No tool was called for ${minutes} min.`, list)
      })
    await Promise.all([registration?.done, opening])
  }

  async function endIdle(why: string, list: () => Promise<ProcessTable>): Promise<void> {
    const entry = registration?.read() ?? null
    ending?.end()
    say(connection, why)
    if (entry === null) return
    try {
      const { recordIdleEnd } = await import('../wrap/idle-record.ts')
      await recordIdleEnd({ entry, why, stateFolder: stateFolder(env, platform), list })
    } catch (error) {
      say(connection, messageOf(error))
    }
  }

  return {
    ready: begin(),
    async end({ code, signal }, { flush, isStderrBlocked }) {
      registration?.remove()
      if (ending?.isEnding()) await Promise.all([ending.over, recording])
      // A slow client gets all output; one that has exited needs none.
      await Promise.race([flush(), ending?.over ?? new Promise(() => undefined)])
      return exitAs(code, isStderrBlocked() ? (plain(signal) ?? 'SIGKILL') : signal)
    },
  }
}

/** Names the user's programs that keep running. The text is loaded only when needed. */
async function reportLeftRunning(programs: readonly ProcessFact[], connection: ClientStdio): Promise<void> {
  const { leftRunningText } = await import('#contract/ending')
  const named = programs.map((fact) => ({ pid: fact.pid, name: processName(fact) }))
  say(connection, `Left running: ${leftRunningText(named)}.`)
  await connection.drainStderr()
}

/** Signals that end a process without a core file; for the others only the number is reported, as a shell does. */
const PLAIN: readonly NodeJS.Signals[] = [
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGPIPE',
]

const plain = (signal: NodeJS.Signals | null): NodeJS.Signals | null =>
  signal !== null && PLAIN.includes(signal) ? signal : null

async function exitAs(code: number | null, signal: NodeJS.Signals | null): Promise<never> {
  const how = plain(signal)
  if (how !== null) {
    process.removeAllListeners(how)
    signalSelf(how)
    // The signal arrives with the next turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0))
}

const issueOf = (cause: unknown): string => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  if (code === 'ENOENT') return 'no such program'
  return code === 'EACCES' ? 'permission denied' : code
}

const messageOf = (error: unknown): string => (error instanceof AppError ? error.message : String(error))
const messageBytes = (text: string): Buffer => Buffer.from(`serena-deck wrap: ${visibleLine(text)}\n`)
/** While the connection is open: without blocking. */
const say = (connection: ClientStdio, text: string): void => connection.writeStderr(messageBytes(text))
/** Before the connection is open, and after it. */
const print = (text: string): void => writeError(messageBytes(text))

/** Prints what failed to stderr: stdout is the MCP connection. Returns the exit code. */
function report(error: unknown): number {
  if (!(error instanceof AppError)) {
    print(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
  const { fix, exitCode } = ERRORS[error.code]
  print(`${error.message} ${fix(error.data)}`)
  return exitCode
}
