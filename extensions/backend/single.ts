// The entry of the single executable: Node, this bundle and nothing else. It has no script to name, so it is called as
// Node would be called with ours: `<program> <its own cli.js> words…`, and then that path is dropped.
import { basename, isAbsolute } from 'node:path'
import { cliProgram } from './cli/product.ts'
import { runCli } from './cli/run-cli.ts'
import { processTerminal } from './cli/terminal.ts'
import { runWrap } from './cli/wrap.ts'
import { STAND_IN_VARIABLE } from './features/demo/stand-in-options.ts'

/** True for `<program> /some/folder/bin/serena start-mcp-server …`, as the demo starts its stand-ins. */
const isStandIn = ([program = '', command]: readonly string[]): boolean =>
  process.env[STAND_IN_VARIABLE] !== undefined &&
  isAbsolute(program) &&
  basename(program) === 'serena' &&
  command === 'start-mcp-server'

async function main(): Promise<void> {
  // Node puts the program at both first places when there is no script.
  const words = process.argv.slice(2)
  if (isStandIn(words)) {
    await import('./features/demo/stand-in.ts')
    return
  }
  // The window names our program and its script; a single executable has none, so that word is empty.
  const isScript = words[0] === cliProgram || words[0] === ''
  const [command, ...others] = isScript ? words.slice(1) : words
  if (command === 'wrap' && !['--help', '-h'].includes(others[0] ?? '')) return runWrap(others)
  process.exitCode = await runCli(command === undefined ? [] : [command, ...others], processTerminal())
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exitCode = 1
})
