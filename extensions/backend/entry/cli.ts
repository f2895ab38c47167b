#!/usr/bin/env node
// The command line: parses, calls the command, turns errors into a sentence and an exit code. `wrap` and `connect` run beside every
// client and must stay small: each is loaded alone.
export {}

const words = process.argv.slice(2)
const isHelp = words[1] === '--help' || words[1] === '-h'

if (words[0] === 'wrap' && !isHelp) {
  const { runWrap } = await import('../cli/wrap.ts')
  await runWrap(words.slice(1))
} else if ((words[0] === 'connect' && !isHelp) || (words[0] === 'hub' && words[1] === 'run')) {
  // Each is a bundle of its own, which runs when it is loaded.
  await import(new URL(words[0] === 'hub' ? './hub.js' : './connect.cjs', import.meta.url).href)
} else {
  const [{ runCli }, { processTerminal }] = await Promise.all([
    import('../cli/run-cli.ts'),
    import('../os/terminal.ts'),
  ])
  process.exitCode = await runCli(words, processTerminal())
}
