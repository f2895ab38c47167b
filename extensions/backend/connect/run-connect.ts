// `connect`: the program that a client starts instead of Serena. It passes the client's messages to the hub, which serves them with the
// Serena of the project. It runs beside every client and must stay small.
import { AppError, ERRORS } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { findHub } from '../hub/find-hub.ts'
import { prepareHubPlace } from '../hub/hub-place.ts'
import { type ClientHello, PROTOCOL } from '../hub/protocol.ts'
import { hubCommand, productVersion } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import { readOwnArguments } from '../wrap/raw-arguments.ts'
import { createStderrWriter, openStreams, writeError } from '../wrap/stdio-streams.ts'
import { parseConnectArguments } from './connect-arguments.ts'
import { startRelay } from './relay.ts'

/** Runs `connect` with the words after it, and ends this process. */
export function runConnect(words: readonly string[]): void {
  // First: the parent may exit a moment later.
  const parentPid = process.ppid
  try {
    const { env, platform } = process
    const { flags, command } = parseConnectArguments(readOwnArguments(words, platform))
    const start = { place: prepareHubPlace(stateFolder(env, platform)), command: hubCommand, env }
    const hello: ClientHello = {
      serenaDeck: 'hello',
      protocol: PROTOCOL,
      release: productVersion,
      kind: 'client',
      pid: process.pid,
      parentPid,
      cwd: workingFolder(env),
      command,
      env: variablesOf(env),
      flags,
      isResumed: false,
    }
    const stderr = createStderrWriter()
    startRelay({
      ...openStreams(),
      open: ({ isResumed, limitMs }) =>
        findHub({ ...start, hello: { ...hello, isResumed }, ...(limitMs !== undefined && { limitMs }) }),
      exit: (code) => void stderr.drainStderr().then(() => process.exit(code)),
      report: (error) => stderr.writeStderr(textOf(error)),
    })
  } catch (error) {
    writeError(textOf(error))
    process.exit(error instanceof AppError ? ERRORS[error.code].exitCode : 1)
  }
}

function workingFolder(env: NodeJS.ProcessEnv): string {
  try {
    return process.cwd()
  } catch {
    // It was removed.
    return env['PWD'] ?? '/'
  }
}

const variablesOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

function textOf(error: unknown): Buffer {
  const text = error instanceof AppError ? `${error.message} ${error.fix}` : String(error)
  return Buffer.from(`serena-deck connect: ${visibleLine(text)}\n`)
}
