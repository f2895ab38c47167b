#!/usr/bin/env node
// The command line: parses, calls the command, turns what went wrong into a sentence and an exit code. `wrap` stands beside every
// Serena and must stay small: it is loaded alone.
export {}

const words = process.argv.slice(2)
const isHelp = words[1] === '--help' || words[1] === '-h'

if (words[0] === 'wrap' && !isHelp) {
  const { runWrap } = await import('./cli/wrap.ts')
  await runWrap(words.slice(1))
} else {
  const [{ runCli }, { processTerminal }] = await Promise.all([
    import('./cli/run-cli.ts'),
    import('./cli/terminal.ts'),
  ])
  process.exitCode = await runCli(words, processTerminal())
}
