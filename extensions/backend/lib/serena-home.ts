// Which folder a Serena takes for its SERENA_HOME, and which one its log says that it took. Pure.
// (Read in 1.0.0 to 2.1.0, `SerenaPaths`: the variable is stripped of blanks and never expanded, so `~/x` is a relative path;
// a relative one is opened from Serena's own working folder. Without it: `Path.home() / ".serena"`. 0.1.x has no such variable.)
import { posix, win32 } from 'node:path'

/** What decides it, besides the log. */
export interface HomeFacts {
  environment: Readonly<Record<string, string | undefined>>
  /** Of the Serena; null: not known. */
  cwd: string | null
  /** The home folder in the user database, for an environment without HOME; null: not known. */
  userHome: string | null
  platform: NodeJS.Platform
}

/** The variables that decide it. */
export const HOME_VARIABLES: readonly string[] = ['SERENA_HOME', 'HOME', 'USERPROFILE']

const MANAGED = '.serena'
/** What Python calls white space (`str.isspace`), which is not what JavaScript trims. */
const BLANKS = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const AROUND = new RegExp(`^${BLANKS}|${BLANKS}$`, 'g')

/** Returns the text without the blanks around it, as Python's `str.strip` does. */
export const stripBlanks = (text: string): string => text.replace(AROUND, '')

/** Returns the absolute path of the SERENA_HOME; null: a fact is missing, or Serena itself finds none. */
export function resolveSerenaHome({ environment, cwd, userHome, platform }: HomeFacts): string | null {
  const { isAbsolute, join, resolve } = platform === 'win32' ? win32 : posix
  const chosen = stripBlanks(environment['SERENA_HOME'] ?? '')
  const home = chosen === '' ? userHomeOf(environment, userHome, platform) : null
  const folder = chosen || (home === null ? null : join(home, MANAGED))
  if (folder === null || isAbsolute(folder)) return folder
  return cwd === null ? null : resolve(cwd, folder)
}

/** `Path.home()`: HOME even when it is empty (then `/`), else the user database. A `~` is an error to Python. */
function userHomeOf(
  environment: HomeFacts['environment'],
  userHome: string | null,
  platform: NodeJS.Platform,
): string | null {
  if (platform === 'win32') return environment['USERPROFILE'] || userHome
  const home = environment['HOME']
  if (home === undefined) return userHome
  return home.startsWith('~') ? null : home || '/'
}

/** `SERENA_HOME/logs/<day>/mcp_<time>_<pid>.txt`; 0.1.x writes no pid. */
const LOG = /^(.*)[\\/]logs[\\/]\d{4}-\d\d-\d\d[\\/]mcp_\d{8}-\d{6}(?:_(\d+))?\.txt$/
/** Any day and any time: another program may have such files as well. */
const LOOSE_LOG = /^(.*)[\\/]logs[\\/][^\\/]+[\\/]mcp_[^\\/]*_(\d+)\.txt$/

/** What the path of a Serena's log says. */
export interface LogName {
  serenaHome: string
  /** Null: written by a 0.1.x. */
  pid: number | null
  /** False: day or time are not written as Serena writes them. */
  isExact: boolean
}

/** Parses the name of a log file; null: Serena uses no such name. */
export function parseLogName(file: string): LogName | null {
  const exact = LOG.exec(file)
  const match = exact ?? LOOSE_LOG.exec(file)
  if (!match) return null
  const pid = match[2] === undefined ? null : Number(match[2])
  return { serenaHome: match[1] || '/', pid, isExact: exact !== null }
}
