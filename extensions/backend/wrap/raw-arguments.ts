// Command lines and environments whose bytes are not UTF-8. Node decodes each invalid byte to U+FFFD and cannot pass it on. Such
// an argument is read from the kernel and kept with a lone surrogate (U+DC80 to U+DCFF) for each invalid byte, as in Python. A shell
// writes the bytes for the started program.
import { accessSync, constants, readFileSync } from 'node:fs'
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { isExecutable } from '../os/executable.ts'

const REPLACEMENT = '\uFFFD'
const ESCAPED = /[\uDC80-\uDCFF]/u
const SHELL = '/bin/sh'
const ENV = ['/usr/bin/env', '/bin/env']
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Returns the text of the bytes, with a lone surrogate for each byte that is not UTF-8. */
export function decodeWord(bytes: Uint8Array): string {
  const whole = decodeStrictly(bytes)
  if (whole !== null) return whole
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    const character = decodeStrictly(bytes.subarray(at, at + length))
    text += character ?? String.fromCharCode(0xdc00 + lead)
    at += character === null ? 1 : length
  }
  return text
}

/** Returns the bytes of a word that `decodeWord` made. */
export function encodeWord(word: string): Buffer {
  const parts = Array.from(word, (character) =>
    ESCAPED.test(character) ? Buffer.of(character.charCodeAt(0) - 0xdc00) : Buffer.from(character, 'utf8'),
  )
  return Buffer.concat(parts)
}

function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    // Not UTF-8.
    return null
  }
}

/** Returns the words of this process's own command line with their invalid bytes kept. AppError `wrong-use` where these are lost. */
export function readOwnArguments(words: readonly string[], platform: NodeJS.Platform): readonly string[] {
  const lost = words.find((word) => word.includes(REPLACEMENT))
  if (lost === undefined) return words
  const all = platform === 'linux' ? readNullSeparated('/proc/self/cmdline') : null
  if (all === null || all.length < words.length) throw cannotPass(`The argument ${visibleLine(lost)}`)
  return all.slice(all.length - words.length).map(decodeWord)
}

export interface ByteExactCommand {
  file: string
  args: string[]
}

/**
 * Returns a command that passes the bytes of the command and of this process's environment unchanged. Null: not needed. AppError `wrong-use` or `program-not-started` before anything is started.
 */
export function byteExactStart(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): ByteExactCommand | null {
  const odd = command.find((word) => ESCAPED.test(word))
  const variable = Object.entries(env).find((pair) => pair.some((text) => text?.includes(REPLACEMENT)))?.[0]
  if (odd === undefined && variable === undefined) return null
  const what =
    odd === undefined
      ? `The environment variable ${visibleLine(variable ?? '')}`
      : `The argument ${visibleLine(odd.replace(new RegExp(ESCAPED, 'gu'), REPLACEMENT))}`
  const environment = platform === 'linux' ? readNullSeparated('/proc/self/environ') : null
  const envProgram = ENV.find(isExecutable)
  const [program = ''] = command
  // `env` takes a first argument with `=` as a variable.
  if (environment === null || envProgram === undefined || !isExecutable(SHELL) || program.includes('='))
    throw cannotPass(what)
  if (ESCAPED.test(program) && program.includes('/')) checkRunnable(program)

  // Node has removed its own variables, such as NODE_CHANNEL_FD.
  const kept = environment.filter((pair) => nameOf(pair) in env).map(decodeWord)
  const words = [envProgram, '-i', ...kept, ...command]
  const plain = words.filter((word) => !ESCAPED.test(word))
  let next = 0
  const script = words.map((word) => {
    if (!ESCAPED.test(word)) return `"\${${++next}}"`
    // A command substitution drops trailing newlines.
    if (word.endsWith('\n')) throw cannotPass(what)
    const octal = [...encodeWord(word)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    return `"$(printf '${octal.join('')}')"`
  })
  return { file: SHELL, args: ['-c', `exec ${script.join(' ')}`, 'sh', ...plain] }
}

/** The name of a variable as Node decodes it. */
const nameOf = (pair: Buffer): string => pair.subarray(0, Math.max(pair.indexOf('='), 0)).toString('utf8')

function checkRunnable(program: string): void {
  try {
    accessSync(encodeWord(program), constants.X_OK)
  } catch (cause) {
    const issue = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    const name = program.replace(new RegExp(ESCAPED, 'gu'), REPLACEMENT)
    throw new AppError('program-not-started', { program: visibleLine(name), issue }, { cause })
  }
}

function readNullSeparated(file: string): Buffer[] | null {
  try {
    const bytes = readFileSync(file)
    const words: Buffer[] = []
    for (let at = 0, end = 0; at < bytes.length; at = end + 1) {
      end = bytes.indexOf(0, at)
      if (end < 0) end = bytes.length
      words.push(bytes.subarray(at, end))
    }
    return words
  } catch {
    // Without /proc the bytes are lost.
    return null
  }
}

const cannotPass = (what: string): AppError =>
  new AppError('wrong-use', {
    issue: `${what} is not valid UTF-8 and cannot be passed on unchanged. Rename it, or start the program without wrap.`,
  })
