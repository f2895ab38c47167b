// Where a program is, by the rules of a Windows shell. Pure, apart from the check of files it is given.
import { win32 } from 'node:path'

const DEFAULT_EXTENSIONS = '.COM;.EXE;.BAT;.CMD'

/**
 * Returns the path of a program; null: it is not found. A name without an extension is searched by PATHEXT, as a shell does: Node itself
 * finds only `.com` and `.exe`. The current folder is not searched: a file there must not stand in for a program.
 */
export function findProgram(
  program: string,
  env: Readonly<NodeJS.ProcessEnv>,
  isFile: (path: string) => boolean,
): string | null {
  const extensions = (variableOf(env, 'PATHEXT') ?? DEFAULT_EXTENSIONS)
    .split(';')
    .filter((one) => one !== '')
    .map((one) => one.toLowerCase())
  const endings = win32.extname(program) === '' ? extensions : ['', ...extensions]
  return (
    pathsOf(program, env)
      .flatMap((path) => endings.map((ending) => path + ending))
      .find(isFile) ?? null
  )
}

/** The paths without an extension; PATH may hold quoted folders. */
function pathsOf(program: string, env: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  if (/[\\/:]/.test(program)) return [program]
  return (variableOf(env, 'PATH') ?? '')
    .split(';')
    .map((folder) => folder.replace(/^"|"$/g, ''))
    .filter((folder) => folder !== '')
    .map((folder) => win32.join(folder, program))
}

/** Returns a variable that is set and not empty; the names of variables have no case there. */
export function variableOf(env: Readonly<NodeJS.ProcessEnv>, name: string): string | undefined {
  const key = Object.keys(env).find((one) => one.toUpperCase() === name)
  return (key === undefined ? undefined : env[key]) || undefined
}
