// The entry of the single executable: Node, this bundle and nothing else. It has no script to name, so it is called as
// Node would be called with ours: `<program> <its own cli.js> words…`, and then that path is dropped.
import { basename, isAbsolute } from 'node:path'
import { runCli } from '../cli/run-cli.ts'
import { runWrap } from '../cli/wrap.ts'
import { runConnect } from '../connect/run-connect.ts'
import { STAND_IN_VARIABLE } from '../demo/stand-in-options.ts'
import { runHub } from '../hub/run-hub.ts'
import { cliProgram } from '../lib/product.ts'
import { processTerminal } from '../os/terminal.ts'

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
    await import('../demo/stand-in.ts')
    return
  }
  // The window names our program and its script; a single executable has none, so that word is empty.
  const isScript = words[0] === cliProgram || words[0] === ''
  const [command, ...others] = isScript ? words.slice(1) : words
  const isHelp = ['--help', '-h'].includes(others[0] ?? '')
  if (command === 'wrap' && !isHelp) return runWrap(others)
  if (command === 'connect' && !isHelp) return runConnect(others)
  if (command === 'hub' && others[0] === 'run') return runHub()
  process.exitCode = await runCli(command === undefined ? [] : [command, ...others], processTerminal())
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exitCode = 1
})
