// The command as `ps` prints it -> arguments. A best effort: ps joins the arguments with spaces, so quotes, empty arguments and
// the borders of arguments with spaces are lost. Only what is certain enough is joined again. Pure.
import { isInterpreter } from '../../lib/interpreters.ts'

/** The longest path that the system allows. */
const MAX_PATH = 1024
/** `/Applications/Visual Studio Code.app/Contents/MacOS/Visual Studio Code`: the program has the name of its bundle. */
const BUNDLE = /^\/(?:(?! [-/]).)*?\/([^/]+)\.app\/Contents\/MacOS\/\1(?= |$)/s
/** Any other program of a bundle; its own name is taken to hold no space. */
const IN_BUNDLE = /^\/(?:(?! [-/]).)*\.app\/Contents\/MacOS\/[^ ]+/s
/** Replaces a space that is no separator; ps never prints it. */
const GLUE = '\0'

/** Returns the arguments, at least one unless the text is blank. */
export function splitArguments(command: string): string[] {
  const words = glueProgram(command)
    .replaceAll('/Library/Application Support/', `/Library/Application${GLUE}Support/`)
    .split(' ')
    .filter((word) => word !== '')
  return joinServerValues(joinScript(words)).map((word) => word.replaceAll(GLUE, ' '))
}

function glueProgram(command: string): string {
  const head = command.slice(0, MAX_PATH)
  const program = (BUNDLE.exec(head) ?? IN_BUNDLE.exec(head))?.[0]
  return program === undefined ? command : program.replaceAll(' ', GLUE) + command.slice(program.length)
}

/** `sh -c` and the rest: one script, whose own quotes are still there. */
function joinScript(words: readonly string[]): readonly string[] {
  const [program = ''] = words
  const at = words.findIndex((word, i) => i > 0 && i < 4 && /^-[a-z]*c$/.test(word))
  if (at < 0 || !isInterpreter((program.split('/').at(-1) ?? '').replace(/^-/, ''), 'shell')) return words
  return [...words.slice(0, at + 1), words.slice(at + 1).join(' ')]
}

/** Serena's start-mcp-server takes options only: words after a value belong to it, up to the next option. */
function joinServerValues(words: readonly string[]): readonly string[] {
  const start = words.indexOf('start-mcp-server') + 1
  if (start === 0) return words
  const values: string[][] = []
  let hasValue = false
  for (const word of words.slice(start)) {
    const isOption = word.startsWith('-')
    if (hasValue && !isOption) values.at(-1)?.push(word)
    else values.push([word])
    hasValue = !isOption || word.includes('=')
  }
  return [...words.slice(0, start), ...values.map((parts) => parts.join(' '))]
}
