// What `wrap` says on stderr: stdout is the MCP connection.
import { AppError, ERRORS } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import type { ClientStdio } from './client-connection.ts'
import { writeError } from './stdio-streams.ts'

const messageBytes = (text: string): Buffer => Buffer.from(`serena-deck wrap: ${visibleLine(text)}\n`)

/** Returns what to say of an error. */
export const messageOf = (error: unknown): string =>
  error instanceof AppError ? error.message : String(error)

/** Writes a line while the connection is open: without blocking. */
export const say = (connection: Pick<ClientStdio, 'writeStderr'>, text: string): void =>
  connection.writeStderr(messageBytes(text))

/** Writes a line before the connection is open, and after it. */
export const print = (text: string): void => writeError(messageBytes(text))

/** Prints what failed. Returns the exit code. */
export function report(error: unknown): number {
  if (!(error instanceof AppError)) {
    print(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
  const { fix, exitCode } = ERRORS[error.code]
  print(`${error.message} ${fix(error.data)}`)
  return exitCode
}
