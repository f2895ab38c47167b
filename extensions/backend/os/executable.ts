// Whether a program can be started, without starting it.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findProgram } from './windows/find-program.ts'

/** Returns true if the file exists and this user can execute it. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    // Missing, or not permitted.
    return false
  }
}

/** Returns true for a program that can be started by that name or path; `path`: the folders of PATH. */
export function isRunnable(
  program: string,
  path = '',
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform === 'win32')
    return findProgram(program, { PATH: path, PATHEXT: process.env['PATHEXT'] }, isExecutable) !== null
  return program.includes('/')
    ? isExecutable(program)
    : path.split(delimiter).some((folder) => isExecutable(join(folder, program)))
}
