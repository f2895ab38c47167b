// Runs one command line: parses it, calls the command, and prints an error as `why fix` on stderr with the exit code of the table. The
// parser takes some 10 ms to load, so a single word that names a command is run without it.
import { AppError, ERRORS } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { fileFailure } from '../os/files/write-failure.ts'
import type { Terminal } from '../os/terminal.ts'
import { COMMANDS, type CommandSpec } from './command-table.ts'
import type { ParsedCall } from './program.ts'

/** Runs one command line (without `node` and the program); resolves to its exit code. No command means `open`. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<number> {
  const call: ParsedCall = { program: 'serena-deck', exitCode: 0 }
  try {
    checkEncoding(words)
    if (words[0] === 'complete' && words[1] === '--') {
      const { printSuggestions } = await import('./complete.ts')
      await printSuggestions(words.slice(2), terminal)
      return 0
    }
    const simple = commandWithoutWords(words)
    if (simple !== null) {
      call.program = `serena-deck ${simple.name}`
      return (
        (await simple.run({ argument: undefined, words: [], second: undefined, flags: {}, terminal })) ?? 0
      )
    }
    await (await import('./program.ts')).parseWords(words, terminal, call)
    return call.exitCode
  } catch (error) {
    return report(error, call.program, terminal)
  }
}

/** Returns the command of a command line that has no other word; null: the parser is needed. */
function commandWithoutWords(
  words: readonly string[],
): (CommandSpec & Required<Pick<CommandSpec, 'run'>>) | null {
  if (words.length > 1) return null
  const spec = COMMANDS.find(({ name }) => name === (words[0] ?? 'open'))
  if (spec?.run === undefined || spec.argument?.name.startsWith('<')) return null
  return { ...spec, run: spec.run }
}

/** Node decodes each invalid byte to U+FFFD: two different names could become one. */
function checkEncoding(words: readonly string[]): void {
  const at = words.findIndex((word) => word.includes('\uFFFD'))
  if (at === -1) return
  const issue = `Argument ${at + 1} (${visibleLine(words[at] ?? '')}) is not valid UTF-8. Name an instance by pid:N or port:N.`
  throw new AppError('wrong-use', { issue })
}

/** Writes what happened and what to do; returns the exit code. `program`: the command whose help answers wrong use. */
function report(error: unknown, program: string, { writeError }: Terminal): number {
  const known = fileFailure(error) ?? error
  if (!(known instanceof AppError)) {
    writeError(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  }
  const { fix, exitCode } = ERRORS[known.code]
  // Our own wrong use names the command; an error of a running backend keeps the backend's advice.
  const isOwnUse = known.code === 'wrong-use' && known.fix === fix(known.data)
  const advice = isOwnUse ? fix({ ...known.data, command: program }) : known.fix
  writeError(`${visibleLine(known.message)} ${visibleLine(advice)}\n`)
  return exitCode
}
