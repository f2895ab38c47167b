// Programs that are started through cmd.exe: batch files such as `uvx.cmd`. Node refuses to start them without a shell, and its shell
// option does not quote. Pure.
import { systemProgram } from './system-program.ts'
import { variableOf } from './variable-of.ts'

export interface WindowsStart {
  file: string
  args: readonly string[]
  /** The arguments are one command line, quoted already. */
  isVerbatim: boolean
}

/** Characters that cmd.exe gives no meaning outside of quotes. */
const PLAIN = /^[\w#$*+\-./:?@\\\u0080-\uffff]+$/

/** Returns how to start a file: batch files through cmd.exe, all else as it is. Null: an argument cannot be passed to a batch file. */
export function windowsStart(
  [file, ...args]: readonly [string, ...string[]],
  env: Readonly<NodeJS.ProcessEnv>,
): WindowsStart | null {
  if (!/\.(cmd|bat)$/i.test(file)) return { file, args, isVerbatim: false }
  if ([file, ...args].some((word) => /[\r\n\0]/.test(word))) return null
  const line = [`"${file}"`, ...args.map(batchWord)].join(' ')
  return {
    file: variableOf(env, 'COMSPEC') ?? systemProgram(env, 'System32', 'cmd.exe'),
    // Extensions on, for the empty variable below; `!` stays a character; no AutoRun.
    args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', `"${line}"`],
    isVerbatim: true,
  }
}

/**
 * Returns a word for a batch file and for the program that it starts with `%*`: quotes are doubled, which both read as one quote and which
 * leaves the following characters quoted, and an empty variable after each `%` keeps it from beginning a name (as Rust's standard library).
 */
export function batchWord(word: string): string {
  if (PLAIN.test(word) && !word.endsWith('\\')) return word
  const escaped = word.replace(
    /(\\*)("|$)/g,
    (_, slashes: string, quote: string) => slashes + slashes + (quote && '""'),
  )
  return `"${escaped.replaceAll('%', '%%cd:~,%')}"`
}
