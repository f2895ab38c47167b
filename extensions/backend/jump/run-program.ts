// Finds and runs the programs that show windows: fixed names, argument arrays, no shell, bounded in time and output.
import { execFile } from 'node:child_process'
import { posix, win32 } from 'node:path'
import { isExecutable } from '../os/executable.ts'

const TIMEOUT_MS = 3_000
const MAX_BYTES = 1024 * 1024
/** Not in the PATH of a program that the Dock or the login started. */
const MAC_FOLDERS = ['/usr/local/bin', '/opt/homebrew/bin']

export interface Place {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/** Returns the absolute path of a program in PATH; null: there is none. Relative folders are skipped: what they name depends on where we were started. */
export function findProgram(name: string, { env, platform }: Place): string | null {
  const { delimiter, isAbsolute, join } = platform === 'win32' ? win32 : posix
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  const more = platform === 'darwin' ? MAC_FOLDERS : []
  const file = platform === 'win32' ? `${name}.exe` : name
  return [...folders, ...more].map((folder) => join(folder, file)).find(isExecutable) ?? null
}

/** Returns what the program printed; null: it is not installed, failed, or took longer than 3 s. */
export function runProgram(name: string, args: readonly string[], place: Place): Promise<string | null> {
  const file = findProgram(name, place)
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
