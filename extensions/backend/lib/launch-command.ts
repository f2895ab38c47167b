// What a process was started with, as one line for a shell: for a person to copy, never to be run by us. Pure.

/** Flags whose value is nobody's business. */
const SECRET_FLAG = /(token|secret|passw(or)?d|api[-_]?key|credential)/i
/** `https://TOKEN@host`, as `uvx --from git+https://…` may carry it. */
const USER_IN_URL = /(:\/\/)(?!git@)[^/@\s]+@/g
const MASK = '********'

export interface Launch {
  argv: readonly string[]
  /** Null: not known. */
  cwd: string | null
  serenaHome: string | null
}

/** A line for `sh`, on Windows for `cmd`, with secrets masked; null: the arguments are not known. */
export function launchCommand(
  { argv, cwd, serenaHome }: Launch,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (argv.length === 0) return null
  const words = masked(argv)
  if (platform === 'win32') {
    const go = cwd === null ? [] : [`cd /d ${cmdWord(cwd)}`]
    const home = serenaHome === null ? [] : [`set "SERENA_HOME=${serenaHome}"`]
    return [...go, ...home, words.map(cmdWord).join(' ')].join(' && ')
  }
  const go = cwd === null ? '' : `cd ${shellWord(cwd)} && `
  const home = serenaHome === null ? '' : `SERENA_HOME=${shellWord(serenaHome)} `
  return go + home + words.map(shellWord).join(' ')
}

function masked(argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    const [flag = '', ...value] = word.split('=')
    if (value.length > 0 && SECRET_FLAG.test(flag)) return `${flag}=${MASK}`
    const before = argv[at - 1] ?? ''
    if (before.startsWith('-') && !before.includes('=') && SECRET_FLAG.test(before) && !word.startsWith('-'))
      return MASK
    return word.replace(USER_IN_URL, `$1${MASK}@`)
  })
}

/** One word for a POSIX shell; plain where nothing in it has a meaning. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('=') ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** One word for `cmd`, as the C runtime splits it again (Microsoft, "Parsing C command-line arguments"). */
function cmdWord(word: string): string {
  if (/^[\w@+=:,.\\/-]+$/.test(word)) return word
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`
}
