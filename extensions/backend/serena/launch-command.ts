// The command line of a process as one line for a shell, for a user to copy. Serena Deck never runs it. Pure.
import { shellWord, windowsWord } from '../lib/quoting.ts'
import { SECRET_WORDS } from '../lib/secret-flag.ts'

/** Flags whose value is a secret. */
const SECRET_FLAG = new RegExp(SECRET_WORDS, 'i')
/** `https://TOKEN@host`, as `uvx --from git+https://…` may carry it. */
const USER_IN_URL = /(:\/\/)(?!git@)[^/@\s]+@/g
const MASK = '********'

export interface Launch {
  argv: readonly string[]
  /** Null: not known. */
  cwd: string | null
  serenaHome: string | null
}

/** Returns a line for `sh`, on Windows for `cmd`, with secrets masked; null: the arguments are not known. */
export function launchCommand(
  { argv, cwd, serenaHome }: Launch,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (argv.length === 0) return null
  const words = maskedWords(argv)
  if (platform === 'win32') {
    const go = cwd === null ? [] : [`cd /d ${cmdWord(cwd)}`]
    const home = serenaHome === null ? [] : [`set "SERENA_HOME=${serenaHome}"`]
    return [...go, ...home, words.map(cmdWord).join(' ')].join(' && ')
  }
  const go = cwd === null ? '' : `cd ${shellWord(cwd)} && `
  const home = serenaHome === null ? '' : `SERENA_HOME=${shellWord(serenaHome)} `
  return go + home + words.map(shellWord).join(' ')
}

/** Returns the words with the values of secrets replaced. */
export function maskedWords(argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    const [flag = '', ...value] = word.split('=')
    if (value.length > 0 && SECRET_FLAG.test(flag)) return `${flag}=${MASK}`
    const before = argv[at - 1] ?? ''
    if (before.startsWith('-') && !before.includes('=') && SECRET_FLAG.test(before) && !word.startsWith('-'))
      return MASK
    return word.replace(USER_IN_URL, `$1${MASK}@`)
  })
}

/** A word for `cmd`; plain where no character has a meaning for it. */
const cmdWord = (word: string): string => (/^[\w@+=:,.\\/-]+$/.test(word) ? word : windowsWord(word))
