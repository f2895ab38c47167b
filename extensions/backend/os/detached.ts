// Starts a program that outlives us: its own session, no terminal, its output in a file.
import { closeSync, constants, fchmodSync, openSync } from 'node:fs'
import { notWritten } from './files/write-failure.ts'

export interface DetachedStart {
  file: string
  args: readonly string[]
  /** The process name (argv[0]), if it differs from the file. */
  name?: string
  env: NodeJS.ProcessEnv
  /** Default: ours. */
  cwd?: string
  /** Where its stdout and stderr go: created or truncated, readable by this user alone. */
  logFile: string
}

function openLog(file: string, flags: number): number {
  try {
    return openSync(file, flags, 0o600)
  } catch (cause) {
    throw notWritten(file, cause)
  }
}

export interface Detached {
  pid: number
  /** Valid while this process runs. */
  hasEnded(): boolean
  /** Null: it is running, or a signal ended it. */
  exitCode(): number | null
}

/** Resolves once it runs. Rejects when it cannot be started; AppError `not-written` for the log. */
export async function startDetached({
  file,
  args,
  name,
  env,
  cwd,
  logFile,
}: DetachedStart): Promise<Detached> {
  // O_NOFOLLOW: a link that another user placed there must not make us overwrite another file. Windows has no such flag (undefined).
  const noFollow = constants.O_NOFOLLOW ?? 0
  // Loaded only here: `connect`, which rarely starts a program, must stay small.
  const { spawn } = process.getBuiltinModule('node:child_process')
  const log = openLog(logFile, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | noFollow)
  return new Promise((resolve, reject) => {
    fchmodSync(log, 0o600)
    const child = spawn(file, [...args], {
      ...(name !== undefined && { argv0: name }),
      ...(cwd !== undefined && { cwd }),
      env,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve({
        pid: child.pid ?? 0,
        hasEnded: () => child.exitCode !== null || child.signalCode !== null,
        exitCode: () => child.exitCode,
      })
    })
  })
}
