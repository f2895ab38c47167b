// Finds and runs the programs that show windows: fixed names, argument arrays, no shell, bounded in time and output.
import { execFile } from 'node:child_process'
import { findProgram } from '../os/executable.ts'

const TIMEOUT_MS = 3_000
const MAX_BYTES = 1024 * 1024
/** Not in the PATH of a program that the Dock or the login started. */
const MAC_FOLDERS = ['/usr/local/bin', '/opt/homebrew/bin']

export interface Place {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/** Returns the absolute path of a program that can be started without a shell, which batch files need; null: there is none. */
export const findWindowProgram = (name: string, { env, platform }: Place): string | null =>
  findProgram(name, { env, platform, more: platform === 'darwin' ? MAC_FOLDERS : [], extensions: '.EXE' })

/** Returns what the program printed; null: it is not installed, failed, or took longer than 3 s. */
export function runProgram(name: string, args: readonly string[], place: Place): Promise<string | null> {
  const file = findWindowProgram(name, place)
  if (file === null) return Promise.resolve(null)
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { env: place.env, timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES, killSignal: 'SIGKILL', windowsHide: true },
      (error, stdout) => resolve(error === null ? stdout : null),
    )
  })
}
