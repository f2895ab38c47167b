// `wrap`: runs a Serena in the place of an MCP client's configuration, its stdio passed through byte for byte. Small: it stands
// beside every Serena, so nothing is imported here that it does not need (docs/wrap.md has the figures).
import { constants } from 'node:os'
import { isSea } from 'node:sea'
import { AppError, ERRORS } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import type { ProcessTable } from '../facts.ts'
import { clientNameIn } from '../features/supervisor/client-name.ts'
import { watchIdle } from '../features/supervisor/idle-watch.ts'
import { createMessageLines } from '../features/supervisor/message-lines.ts'
import { createToolCalls, type ToolCalls } from '../features/supervisor/tool-calls.ts'
import { withoutPopUp } from '../features/supervisor/without-pop-up.ts'
import { readWrapSettings, type WrapSettings } from '../features/supervisor/wrap-settings.ts'
import { type Command, parseWrapWords, type WrapFlags } from '../features/supervisor/wrap-words.ts'
import { type ClientWire, openClientWire, writeError } from '../os/client-wire.ts'
import { loadLightEnder } from '../os/light-ender.ts'
import { defaultSerenaHome, onlyHomes, stateFolder } from '../os/paths.ts'
import { readOwnWords } from '../os/raw-words.ts'
import { signalSelf } from '../os/signals.ts'
import { type Ended, startWrapped, type WrappedProgram, type WrappedStart } from '../os/wrapped-program.ts'
import { type ClientEnding, watchClient } from '../wrap-ending.ts'
import { startBackendForOpening } from '../wrap-opening.ts'
import { type Registration, registerWrapped } from '../wrap-registration.ts'

/** Serena's own answer to a flag that it does not know; 0.1.x does not know `--open-web-dashboard`. */
const UNKNOWN_FLAG_CODE = 2
const MINUTE_MS = 60_000
const now = (): number => performance.now()
const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGHUP']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']

/** Runs `wrap` with the words after it, and ends this process as the wrapped program ended. */
export async function runWrap(words: readonly string[]): Promise<void> {
  // Before anything else: who is gone a moment later was here.
  const parentPid = process.ppid
  try {
    const { env } = process
    const { flags, command } = parseWrapWords(readOwnWords(words, process.platform))
    const serenaHome = defaultSerenaHome(env, process.platform)
    const settings = await readWrapSettings(flags, serenaHome, readFully)
    for (const problem of settings.problems) tell(problem)
    if (!isReadable(serenaHome))
      tell('SERENA_HOME is not valid UTF-8: its settings are not read and the instance is not registered.')
    const quiet = settings.isGlobal ? withoutPopUp(command, flags.isGlobal === true) : null
    await runUnderWatch({ command, quiet, settings, flags, serenaHome, parentPid })
  } catch (error) {
    // The wire is open by then, and would keep us.
    process.exit(report(error))
  }
}

/** The parser of YAML is loaded only for a file that cannot be read without it. */
async function readFully(
  serenaHome: string,
): Promise<Awaited<ReturnType<Parameters<typeof readWrapSettings>[2]>>> {
  const { createSettingsReader } = await import('../lib/read-settings.ts')
  const home = createSettingsReader().read(serenaHome)
  return {
    flags: {
      isGlobal: home.webDashboardGlobal,
      opensOnLaunch: home.webDashboardGlobalOpenOnLaunch,
      globalPort: home.webDashboardGlobalPort,
      idleShutdownMinutes: home.idleShutdownMinutes,
    },
    problems: home.problems.map(({ text }) => text),
  }
}

/** Node cannot name a folder whose path is not UTF-8: it would make another one. */
const isReadable = (folder: string): boolean => !folder.includes('\uFFFD')

interface Run {
  command: Command
  /** The command that opens no dashboard of its own; null: it runs as it is. */
  quiet: Command | null
  settings: WrapSettings
  /** As they were given. */
  flags: WrapFlags
  serenaHome: string
  parentPid: number
}

async function runUnderWatch(run: Run): Promise<never> {
  const { command, quiet, settings } = run
  const { env } = process
  const wire = openClientWire()
  const calls = settings.idleShutdownMinutes === null ? null : createToolCalls(now)
  if (calls) wire.input.on('data', calls.fromClient)
  const split: WrappedStart['split'] = ({ message, noise }) =>
    createMessageLines({
      noise,
      message(bytes) {
        calls?.fromServer(bytes)
        message(bytes)
      },
    })
  const start = (words: Command): Promise<WrappedProgram> =>
    startWrapped({ command: words, env, wire, split }).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause
      throw new AppError('program-not-started', { program: words[0], issue: issueOf(cause) }, { cause })
    })
  let program: WrappedProgram | null = await start(quiet ?? command)
  for (const signal of FORWARDED) process.on(signal, () => program?.signal(signal))
  const companions = accompany(run, wire, calls, () => program)
  companions.ready.catch((error: unknown) => say(wire, messageOf(error)))

  let ended = await program.ended
  if (quiet !== null && isFlagUnknown(ended, wire)) {
    program = await start(command)
    ended = await program.ended
  }
  program = null
  return companions.end(ended, wire)
}

const isFlagUnknown = ({ code, wasMute }: Ended, { early }: ClientWire): boolean =>
  code === UNKNOWN_FLAG_CODE && wasMute && early() !== null

interface Companions {
  readonly ready: Promise<void>
  /** Ends this process. */
  end(ended: Ended, wire: ClientWire): Promise<never>
}

/** What goes on beside the wire: the watch of the client, the registry, the one global dashboard. */
function accompany(
  run: Run,
  wire: ClientWire,
  calls: ToolCalls | null,
  program: () => WrappedProgram | null,
): Companions {
  const { env, platform } = process
  let ending: ClientEnding | null = null
  let registration: Registration | null = null
  /** To the history. */
  let telling: Promise<void> | null = null

  async function begin(): Promise<void> {
    const ender = await loadLightEnder()
    const list = (): ReturnType<typeof ender.list> => ender.list()
    ending = await watchClient({
      ender,
      parentPid: run.parentPid,
      startedPid: () => program()?.pid ?? null,
      lastHeardAtMs: wire.lastHeardAtMs,
      closeInput: () => program()?.closeInput(),
      onFault: (error) => say(wire, String(error)),
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
        startedPid: () => program()?.pid ?? null,
        client: () => client && { pid: client.pid, name: clientNameIn(wire.early() ?? []) ?? client.name },
      })
    }
    const { idleShutdownMinutes: minutes } = run.settings
    if (calls && minutes !== null)
      watchIdle(calls, minutes * MINUTE_MS, now, () => {
        telling = endIdle(`No tool was called for ${minutes} min.`, list)
      })
    await Promise.all([registration?.done, opening])
  }

  async function endIdle(why: string, list: () => Promise<ProcessTable>): Promise<void> {
    const entry = registration?.read() ?? null
    ending?.end()
    say(wire, why)
    if (entry === null) return
    try {
      const { recordIdleEnd } = await import('../wrap-idle.ts')
      await recordIdleEnd({ entry, why, stateFolder: stateFolder(env, platform), list })
    } catch (error) {
      say(wire, messageOf(error))
    }
  }

  return {
    ready: begin(),
    async end({ code, signal }, { flush, isNoiseStuck }) {
      registration?.remove()
      if (ending?.isEnding()) await Promise.all([ending.over, telling])
      // A client that is slow gets all; one that is gone needs nothing.
      await Promise.race([flush(), ending?.over ?? new Promise(() => undefined)])
      return exitAs(code, isNoiseStuck() ? (plain(signal) ?? 'SIGKILL') : signal)
    },
  }
}

/** Signals that end a process without a core file: with the others only the number is told, as a shell does. */
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
    // It arrives with the next turn of the loop.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0))
}

const issueOf = (cause: unknown): string => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  if (code === 'ENOENT') return 'there is no such program'
  return code === 'EACCES' ? 'it may not be run' : `the system says ${code}`
}

const messageOf = (error: unknown): string => (error instanceof AppError ? error.message : String(error))
const toldOf = (text: string): Buffer => Buffer.from(`serena-deck wrap: ${visibleLine(text)}\n`)
/** While the wire is open: it waits for nobody. */
const say = (wire: ClientWire, text: string): void => wire.noise(toldOf(text))
/** Before it is open, and after it was. */
const tell = (text: string): void => writeError(toldOf(text))

/** Says what went wrong, on stderr: stdout is the wire. The result is the exit code. */
function report(error: unknown): number {
  if (!(error instanceof AppError)) {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
  const { fix, exitCode } = ERRORS[error.code]
  tell(`${error.message} ${fix(error.data)}`)
  return exitCode
}
