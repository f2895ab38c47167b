// `wrap`: runs a Serena for an MCP client and passes its stdio through byte for byte. It runs beside every Serena and must stay small:
// it imports only what it needs (docs/dev/performance.md has the figures).
import { constants } from 'node:os'
import { AppError } from '#contract/errors'
import { defaultSerenaHome } from '../os/paths.ts'
import { signalSelf } from '../os/signals.ts'
import { type ClientStdio, openClientStdio } from '../wrap/client-connection.ts'
import { isReadable, startCompanions, type WrapRun } from '../wrap/companions.ts'
import { createMessageLines } from '../wrap/message-lines.ts'
import { readOwnArguments } from '../wrap/raw-arguments.ts'
import { readHomeFully } from '../wrap/read-home.ts'
import { suppressDashboard, UNKNOWN_FLAG_CODE } from '../wrap/suppress-dashboard.ts'
import { createToolCalls } from '../wrap/tool-calls.ts'
import { type Command, parseWrapArguments } from '../wrap/wrap-arguments.ts'
import { messageOf, print, report, say } from '../wrap/wrap-messages.ts'
import { readWrapSettings } from '../wrap/wrap-settings.ts'
import { type Ended, startWrapped, type WrappedProgram, type WrappedStart } from '../wrap/wrapped-program.ts'

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

interface Run extends WrapRun {
  command: Command
  /** The command that opens no dashboard of its own; null: the command runs unchanged. */
  quiet: Command | null
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
  const companions = startCompanions(
    run,
    {
      connection,
      calls,
      startedPid: () => program?.runningPid() ?? null,
      closeInput: () => program?.closeInput(),
    },
    now,
  )
  companions.ready.catch((error: unknown) => say(connection, messageOf(error)))

  let ended = await program.ended
  if (quiet !== null && isFlagUnknown(ended, connection)) {
    program = await start(command)
    ended = await program.ended
  }
  program = null
  await companions.finish()
  const { code, signal } = ended
  return exitAs(code, connection.isStderrBlocked() ? (plain(signal) ?? 'SIGKILL') : signal)
}

const isFlagUnknown = ({ code, hadNoOutput }: Ended, { early }: ClientStdio): boolean =>
  code === UNKNOWN_FLAG_CODE && hadNoOutput && early() !== null

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
