// Why a Serena does not run, in sentences for its clients. Pure.
import { AppError } from '#contract/errors'
import type { ChildExit } from './serena-child.ts'

/** Returns why it could not be started. */
export const startFault = (error: unknown): string =>
  error instanceof AppError ? error.message : `Serena could not be started: ${codeIn(error)}.`

function codeIn(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'ENOENT') return 'no such program or folder'
  return code === 'EACCES' ? 'permission denied' : code
}

/** Returns one sentence, and the end of what it printed. */
export function exitFault({ code, signal, lastWords }: ChildExit): string {
  const how = signal === null ? `exited with code ${code ?? 1}` : `was ended by ${signal}`
  const printed = lastWords === '' ? 'It printed nothing to stderr.' : `Its last output:\n${lastWords}`
  return `Serena ${how}. ${printed}`
}
