// Where a program is, and whether it can be started, without starting it. The one search of PATH.
import { accessSync, constants, statSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import { variableOf } from './windows/variable-of.ts'

const DEFAULT_EXTENSIONS = '.COM;.EXE;.BAT;.CMD'

export interface ProgramSearch {
  env: Readonly<NodeJS.ProcessEnv>
  platform: NodeJS.Platform
  /** Folders that are searched after those of PATH. */
  more?: readonly string[]
  /** Used instead of PATHEXT, which is of Windows. */
  extensions?: string
  isProgram?: (path: string) => boolean
}

/** Returns true if this user can execute it, and it is no folder. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    // Missing, or not permitted.
    return false
  }
  try {
    return !statSync(file).isDirectory()
  } catch {
    // An app alias of Windows, which Node cannot follow.
    return true
  }
}

/**
 * Returns the path of a program; null: it is not found. A program with a folder in its name is not searched. On Windows a name without
 * an extension is searched by PATHEXT, as a shell does: Node itself finds only `.com` and `.exe`.
 */
export function findProgram(program: string, search: ProgramSearch): string | null {
  const { env, platform, more = [], isProgram = isExecutable } = search
  const isWindows = platform === 'win32'
  const { join } = isWindows ? win32 : posix
  const hasFolder = (isWindows ? /[\\/:]/ : /\//).test(program)
  const paths = hasFolder
    ? [program]
    : [...foldersInPath(env, platform), ...more].map((folder) => join(folder, program))
  const endings = isWindows ? windowsEndings(program, search) : ['']
  return paths.flatMap((path) => endings.map((ending) => path + ending)).find(isProgram) ?? null
}

/**
 * Returns the folders of PATH. Empty and relative entries are left out: they name the current folder, or a folder in it, where a file
 * must not stand in for a program. On Windows an entry may be quoted.
 */
export function foldersInPath(env: ProgramSearch['env'], platform: NodeJS.Platform): string[] {
  if (platform !== 'win32') return (env['PATH'] ?? '').split(posix.delimiter).filter(posix.isAbsolute)
  const entries = (variableOf(env, 'PATH') ?? '').split(win32.delimiter)
  return entries.map((entry) => entry.replace(/^"|"$/g, '')).filter(win32.isAbsolute)
}

function windowsEndings(program: string, { env, extensions }: ProgramSearch): readonly string[] {
  const endings = (extensions ?? variableOf(env, 'PATHEXT') ?? DEFAULT_EXTENSIONS)
    .split(';')
    .filter((one) => one !== '')
    .map((one) => one.toLowerCase())
  return win32.extname(program) === '' ? endings : ['', ...endings]
}

/** Returns true for a program that can be started by that name or path; `path`: the folders of PATH. */
export const isRunnable = (
  program: string,
  path = '',
  platform: NodeJS.Platform = process.platform,
): boolean =>
  findProgram(program, { env: { PATH: path, PATHEXT: process.env['PATHEXT'] }, platform }) !== null
