// Starts a program that outlives us: its own session, no terminal, its output in a file.
import { spawn } from 'node:child_process'
import { closeSync, constants, fchmodSync, openSync } from 'node:fs'
import { notWritten } from './write-file.ts'

export interface DetachedStart {
  file: string
  args: readonly string[]
  /** What it is called by its own lights, where that is not its file. */
  name?: string
  env: NodeJS.ProcessEnv
  /** Where its stdout and stderr go: made anew, readable by us alone. */
  logFile: string
}

function openLog(file: string, flags: number): number {
  try {
    return openSync(file, flags, 0o600)
  } catch (cause) {
    throw notWritten(file, cause)
  }
}

/** Resolves once it runs; `hasEnded` tells while we are still here. Rejects when it cannot be started; AppError `not-written` for the log. */
export async function startDetached({
  file,
  args,
  name,
  env,
  logFile,
}: DetachedStart): Promise<{ pid: number; hasEnded: () => boolean }> {
  // O_NOFOLLOW: a planted link must not make us overwrite another file. Windows has no such flag (undefined).
  const noFollow = constants.O_NOFOLLOW ?? 0
  const log = openLog(logFile, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | noFollow)
  return new Promise((resolve, reject) => {
    fchmodSync(log, 0o600)
    const child = spawn(file, [...args], {
      ...(name !== undefined && { argv0: name }),
      env,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve({ pid: child.pid ?? 0, hasEnded: () => child.exitCode !== null || child.signalCode !== null })
    })
  })
}
