// Whether a program can be started, without starting it.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** True when that file is there and we may run it. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us.
    return false
  }
}

/** True for a program that can be started by that name or path; `path`: the folders of PATH. */
export const isRunnable = (program: string, path = ''): boolean =>
  program.includes('/')
    ? isExecutable(program)
    : path.split(delimiter).some((folder) => isExecutable(join(folder, program)))
